import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { stop } from 'esbuild-wasm'
import { ROOT } from '../../tools/rulebook/package-program.ts'
import { bundle } from '../bundles/bundle.ts'
import { machine } from '../measuring/machine.ts'
import { quartilesOf } from '../measuring/statistics.ts'
import { table } from '../measuring/table.ts'
import { type Cost, type Measurement, MEASUREMENTS, type Series, SIZES, type Subject, subjectsOf } from './figures.ts'

const execute = promisify(execFile)

/** Beside the packages, so that Node finds in them what a program of a user would load. */
const FOLDER = `${ROOT}node_modules/.cache/countersign-growth`

interface Settings {
  /** Processes of each size: the least disturbed counts for time, the middle one for memory. */
  readonly rounds: number
  /** Writes the figures down. */
  readonly record: boolean
}

/** Measures all series, a process for each point, and prints them. */
export async function main({ rounds, record }: Settings): Promise<void> {
  const program = await buildChild()
  const costs = new Map<string, Cost[]>()
  const points = MEASUREMENTS.flatMap((measurement) =>
    SIZES.flatMap((size) => subjectsOf(measurement).map((subject) => ({ measurement, size, subject }))),
  )
  for (let round = 0; round < rounds; round++) {
    for (const { measurement, size, subject } of points) {
      const name = nameOf(measurement, size, subject)
      costs.set(name, [...(costs.get(name) ?? []), await costOf(program, measurement, subject, size)])
    }
  }
  const series = MEASUREMENTS.flatMap((measurement) =>
    subjectsOf(measurement).map((subject): Series => {
      const middle = (size: number) => ({ size, ...summary(costs.get(nameOf(measurement, size, subject)) ?? []) })
      return { measurement, subject, points: SIZES.map(middle) }
    }),
  )
  console.log(tableOf(series))
  if (!record) return
  const path = fileURLToPath(new URL('last-run.json', import.meta.url))
  await writeFile(
    path,
    `${JSON.stringify({ ...machine(), command: 'npm run bench:growth', rounds, series }, undefined, 2)}\n`,
  )
}

async function buildChild(): Promise<string> {
  const child = fileURLToPath(new URL('child.ts', import.meta.url))
  const contents = await bundle(`import ${JSON.stringify(child)}`, {
    platform: 'node',
    conditions: ['@countersign/source'],
    external: ['countersign', 'oauth4webapi'],
  })
  await stop()
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}/child.mjs`, contents)
  return `${FOLDER}/child.mjs`
}

async function costOf(program: string, measurement: Measurement, subject: Subject, size: number): Promise<Cost> {
  const parameters = ['--expose-gc', program, measurement, subject, String(size)]
  const { stdout } = await execute(process.execPath, parameters)
  // what child.ts prints
  return JSON.parse(stdout) as Cost
}

function nameOf(measurement: Measurement, size: number, subject: Subject): string {
  return `${measurement} ${size} ${subject}`
}

function summary(costs: readonly Cost[]): Cost {
  return {
    time: Math.min(...costs.map(({ time }) => time)),
    heap: quartilesOf(costs.map(({ heap }) => heap)).median,
  }
}

function tableOf(series: readonly Series[]): string {
  const rows = series.flatMap(({ measurement, subject, points }) =>
    points.map(({ size, time, heap }) => {
      return [measurement, subject, size, `${(time * 1000).toFixed(1)} µs`, `${Math.round(heap)} bytes`]
    }),
  )
  return table([['of', 'subject', 'number', 'time', 'heap of each'], ...rows])
}
