import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { ROOT } from '../rulebook/package-program.ts'
import { ENGINES, readFigures, scoreOf } from './figures.ts'
import { MODULES } from './modules.ts'
import { mutationPage } from './page.ts'
import { readExplained } from './survivors.ts'

it('counts a timeout as noticed, and what no test runs as not', () => {
  expect(scoreOf({ killed: 7, timeout: 1, survived: 1, noCoverage: 1 })).toBe(80)
})

it('docs/mutation.md says what was recorded and what is explained', async () => {
  const path = `${ROOT}docs/mutation.md`
  const page = mutationPage(readFigures(), readExplained())
  expect(readFileSync(path, 'utf8')).toBe(await format(page, { ...(await resolveConfig(path)), filepath: path }))
})

it.each(ENGINES)('has figures of modules that there are, with the engine %s', (engine) => {
  expect(Object.keys(MODULES)).toEqual(expect.arrayContaining(Object.keys(readFigures()[engine])))
})
