import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { format, resolveConfig } from 'prettier'
import { ROOT } from '../rulebook/package-program.ts'
import { type Engine, ENGINES, type Figures, type FiguresOfEngines, readFigures, scoreOf } from './figures.ts'
import { MODULES } from './modules.ts'
import { mutationPage } from './page.ts'
import { compare, readExplained, type Survivor, survivorOf } from './survivors.ts'

const SOURCES = 'packages/countersign/src'

interface Settings {
  /** Names of modules; all of them where none is given. */
  readonly modules: readonly string[]
  readonly engine: Engine
  /** Writes the figures down, and docs/mutation.md. */
  readonly record: boolean
  /** Tries only what is new since a run before, and takes the rest from it. */
  readonly incremental: boolean
  /** Only writes docs/mutation.md, of the figures that were recorded. */
  readonly page: boolean
}

/**
 * Tries the mutants of some modules, one after the other, and holds the survivors against the ones that are explained.
 *
 * @returns The exit code.
 */
export async function main({ modules, engine, record, incremental, page }: Settings): Promise<number> {
  process.chdir(ROOT)
  if (page) {
    await write(readFigures())
    return 0
  }
  if (!ENGINES.includes(engine)) throw new Error(`no engine ${engine}; there are: ${ENGINES.join(', ')}`)
  // vitest.config.ts reads it, in the processes that run the tests
  process.env.COUNTERSIGN_ENGINE = engine
  let failed = false
  for (const name of modules.length > 0 ? modules : Object.keys(MODULES)) {
    const results = await mutate(name, engine, incremental)
    const figures = figuresOf(results)
    console.log(`\nmutation: ${name}, ${scoreOf(figures).toFixed(1)} % of ${sumOf(figures)} mutants noticed`)
    failed = !reportSurvivors(results) || failed
    if (record) {
      const recorded = readFigures()
      await write({ ...recorded, [engine]: { ...recorded[engine], [name]: figures } })
    }
  }
  return failed ? 1 : 0
}

async function mutate(name: string, engine: Engine, incremental: boolean): Promise<MutantResult[]> {
  const patterns = MODULES[name]
  if (patterns === undefined) throw new Error(`no module ${name}; there are: ${Object.keys(MODULES).join(', ')}`)
  const incrementalFile = `node_modules/.cache/countersign-mutation/${engine}-${name}.json`
  if (incremental) forgetSurvivors(incrementalFile)
  const stryker = new Stryker({
    configFile: 'tools/mutation/stryker.config.mjs',
    incremental,
    incrementalFile,
    mutate: [...patterns.map((pattern) => `${SOURCES}/${pattern}`), '!**/*.test.ts'],
  })
  return await stryker.runMutationTest()
}

/** Of what an incremental run takes over: each file's mutants. */
interface Report {
  readonly files: Readonly<Record<string, { mutants: { readonly status: string }[] }>>
}

/** Has survivors of the run before tried again: Stryker does not see that a test by the same name now asserts more. */
function forgetSurvivors(path: string): void {
  if (!existsSync(path)) return
  // Stryker wrote it
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report
  for (const file of Object.values(report.files)) {
    file.mutants = file.mutants.filter(({ status }) => status !== 'Survived' && status !== 'NoCoverage')
  }
  writeFileSync(path, JSON.stringify(report))
}

function figuresOf(results: readonly MutantResult[]): Figures {
  const count = (status: MutantResult['status']): number => results.filter((mutant) => mutant.status === status).length
  return {
    date: new Date().toISOString().slice(0, 10),
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
  }
}

function sumOf({ killed, timeout, survived, noCoverage }: Figures): number {
  return killed + timeout + survived + noCoverage
}

/** Names survivors that nobody explained, and explanations of what no longer survives. */
function reportSurvivors(results: readonly MutantResult[]): boolean {
  const survivors = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').map(placed)
  const mutated = new Set(results.map(({ fileName }) => fileOf(fileName)))
  const { unexplained, outdated } = compare(
    survivors,
    readExplained().filter(({ file }) => mutated.has(file)),
  )
  for (const { file, line, original, replacement, number } of unexplained) {
    console.error(`survived: ${file}:${number}\n    ${line}\n    ${original}  →  ${replacement}`)
  }
  for (const { file, original, replacement } of outdated) {
    console.error(`survivors.json: no longer survives: ${file}: ${original}  →  ${replacement}`)
  }
  return unexplained.length === 0
}

function placed({ fileName, location, replacement }: MutantResult): Survivor & { number: number } {
  const survivor = survivorOf(fileOf(fileName), readFileSync(fileName, 'utf8'), location, replacement)
  return { ...survivor, number: location.start.line }
}

function fileOf(path: string): string {
  return relative(`${ROOT}${SOURCES}`, path)
}

async function write(figures: FiguresOfEngines): Promise<void> {
  await writeFormatted('tools/mutation/figures.json', JSON.stringify(figures))
  await writeFormatted('docs/mutation.md', mutationPage(figures, readExplained()))
}

async function writeFormatted(path: string, text: string): Promise<void> {
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }))
}
