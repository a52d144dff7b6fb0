import * as imported from 'countersign'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'vitest'

const require = createRequire(import.meta.url)

test('beside a module that Node itself loads', async () => {
  const { outcomeOf } = require('./outcome.cjs')
  const { required } = require('./required.cjs')
  writeFileSync('outcome.json', JSON.stringify(await outcomeOf(imported, required)))
})
