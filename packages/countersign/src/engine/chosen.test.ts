import { expect, it } from 'vitest'
import * as chosen from '#engine'
import * as node from './node.ts'
import * as web from './web.ts'

it('is the engine that this run of the tests is for', () => {
  const { COUNTERSIGN_ENGINE: name } = process.env
  expect(['node', 'web']).toContain(name)
  expect({ ...chosen }).toEqual({ ...(name === 'node' ? node : web) })
})
