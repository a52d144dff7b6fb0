import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ROOT } from '../../tools/rulebook/package-program.ts'
import { pairedRatios, quartilesOf } from '../measuring/statistics.ts'
import { table } from '../measuring/table.ts'

const execute = promisify(execFile)

const PACKAGES = ['countersign', 'oauth4webapi', 'openid-client'] as const
type Package = (typeof PACKAGES)[number]

/** Milliseconds of the first import in a process, round by round. */
export type ImportTimes = Readonly<Record<Package, readonly number[]>>

/** Imports each package in new processes, forth and back; the start of Node itself is not in the time. */
export async function measureImports(rounds: number): Promise<ImportTimes> {
  const times: Record<Package, number[]> = { countersign: [], oauth4webapi: [], 'openid-client': [] }
  // the first ones read the files from the disk
  for (const one of PACKAGES) await importOnce(one)
  for (let round = 0; round < rounds; round++) {
    const first = round % PACKAGES.length
    const order = [...PACKAGES.slice(first), ...PACKAGES.slice(0, first)]
    const took = new Map<Package, number>()
    for (const one of [...order, ...[...order].reverse()])
      took.set(one, (took.get(one) ?? 0) + (await importOnce(one)) / 2)
    for (const [one, time] of took) times[one].push(time)
  }
  return times
}

async function importOnce(name: Package): Promise<number> {
  const program = `const began = performance.now(); await import('${name}'); console.log(performance.now() - began)`
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT })
  return Number(stdout)
}

/** Measures imports, and prints what they took. */
export async function printImports(rounds: number): Promise<void> {
  const times = await measureImports(rounds)
  console.log(
    `\nFirst import in a process, by Node ${process.versions.node}: medians of ${rounds} rounds, and quartiles\n`,
  )
  const rows = PACKAGES.map((name) => {
    const { low, median, high } = quartilesOf(times[name])
    const over = pairedRatios(times[name], times.oauth4webapi)
    return [name, `${median.toFixed(1)} ms`, `${low.toFixed(1)}–${high.toFixed(1)}`, over.median.toFixed(2)]
  })
  console.log(table([['package', 'median', 'quartiles', 'over oauth4webapi'], ...rows]))
}
