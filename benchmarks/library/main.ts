import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stop } from 'esbuild-wasm'
import { COMPARED } from '../bundles/programs.ts'
import { measureSizes, sizeOf } from '../bundles/sizes.ts'
import type { Times } from '../measuring/contest.ts'
import { machine } from '../measuring/machine.ts'
import { pairedRatios } from '../measuring/statistics.ts'
import { measureImports } from '../startup/imports.ts'
import { buildOn, type Load } from './engines.ts'
import { SUBTLE_VERIFY } from './floors.ts'
import { measureHeap } from './heap.ts'
import { type Library, loadLibraries, nameOf, OPPONENT } from './libraries.ts'
import { contenderTable, targetsJson, targetTable } from './report.ts'
import { HELP, type Settings, settingsOf } from './settings.ts'
import { OTHER_TARGETS, type Reached, reached, TIME_TARGETS } from './targets.ts'
import { WORKLOADS } from './workloads/all.ts'

/** Where `--record` writes. */
const LAST_RUN = new URL('last-run.json', import.meta.url)

/** Transactions that wait at the same time, where their memory is measured. */
const WAITING = 100_000

/** Runs the benchmark. */
export async function main(args: string[], load: Load): Promise<void> {
  const settings = settingsOf(args)
  if (settings === undefined) {
    console.log(HELP)
    return
  }
  const { node, processor } = machine()
  console.log(`Node ${node}, ${processor}`)
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'))
  try {
    const libraries = await loadLibraries(folder, load)
    const targets = [
      ...(await measureTimes(libraries, settings)),
      ...(await measureMemory(folder, settings)),
      ...(await measureBundles(settings)),
      ...(await measureStart(settings)),
    ]
    console.log(`\n${targetTable(targets)}\n\n${targets.filter(isMet).length} of ${targets.length} targets are met.`)
    if (settings.json !== undefined) await writeFile(settings.json, targetsJson(targets))
    if (settings.record) await writeFile(LAST_RUN, recordOf(settings.command, targets))
  } finally {
    await stop()
    await rm(folder, { recursive: true })
  }
}

/** The targets, with where and how they were measured. */
function recordOf(command: string, targets: readonly Reached[]): string {
  return `${JSON.stringify({ ...machine(), command, targets }, undefined, 2)}\n`
}

function isMet({ ratio, target }: Reached): boolean {
  return ratio >= target
}

async function measureTimes(libraries: readonly Library[], settings: Settings): Promise<Reached[]> {
  const results: Reached[] = []
  const end = performance.now() + settings.total
  const workloads = Object.entries(WORKLOADS).filter(([workload]) => {
    return [1, 64].some((atOnce) => settings.isWanted(measurementName(workload, atOnce)))
  })
  for (const [place, [workload, setUp]] of workloads.entries()) {
    const match = await setUp(libraries)
    for (const atOnce of match.atOnce) {
      const name = measurementName(workload, atOnce)
      if (!settings.isWanted(name)) continue
      const share = Math.max(0, end - performance.now()) / (workloads.length - place) / match.atOnce.length
      const pace = { ...settings.pace, budget: Math.min(settings.pace.budget, share) }
      const times = await match.measure(atOnce, pace, (contender) => settings.peers || isNeeded(contender))
      console.log(`\n${name}\n${contenderTable(times)}`)
      results.push(...reachedBy(times, workload, atOnce, name))
    }
  }
  return results
}

function measurementName(workload: string, atOnce: number): string {
  return atOnce === 1 ? workload : `${workload}, ${atOnce} at once`
}

/** Whether a target is about a contender. */
function isNeeded(contender: string): boolean {
  return contender.startsWith('countersign') || contender === OPPONENT || contender === SUBTLE_VERIFY
}

function reachedBy(times: Times, workload: string, atOnce: number, name: string): Reached[] {
  const own = TIME_TARGETS.filter((target) => target.workload === workload && target.atOnce === atOnce)
  return own.flatMap(({ engine, over, target }) => {
    const [ours, theirs] = [times.get(nameOf(engine)), times.get(over)]
    if (ours === undefined || theirs === undefined) return []
    const what = over === OPPONENT ? name : `${name}, over ${over}`
    return [reached(what, engine, target, pairedRatios(theirs, ours))]
  })
}

async function measureMemory(folder: string, { heapRounds, isWanted }: Settings): Promise<Reached[]> {
  const name = `heap of one of ${WAITING} pending CIBA transactions`
  if (!isWanted(name)) return []
  const { ours, baseline } = await measureHeap(await buildOn('web', folder), WAITING, heapRounds)
  console.log(`\n${name}\nbytes ${ours.map(Math.round).join(', ')}; baseline ${baseline.map(Math.round).join(', ')}`)
  return [reached(name, 'web', OTHER_TARGETS.heap, pairedRatios(baseline, ours))]
}

async function measureBundles({ isWanted }: Settings): Promise<Reached[]> {
  const names = new Map(COMPARED.map(([name]) => [name, `bundle, gzip: ${name}`]))
  if (![...names.values()].some(isWanted)) return []
  const sizes = await measureSizes()
  return [...names]
    .filter(([, full]) => isWanted(full))
    .map(([name, full]) => {
      const [ours, theirs] = [sizeOf(sizes, name, 'countersign'), sizeOf(sizes, name, OPPONENT)]
      if (ours === undefined || theirs === undefined) throw new Error(`no size of ${name}`)
      return reached(full, 'web', OTHER_TARGETS.size, pairedRatios([theirs.gzip], [ours.gzip]))
    })
}

async function measureStart({ importRounds, isWanted }: Settings): Promise<Reached[]> {
  const name = 'cold import'
  if (!isWanted(name)) return []
  const { countersign, oauth4webapi } = await measureImports(importRounds)
  return [reached(name, 'node', OTHER_TARGETS.import, pairedRatios(oauth4webapi, countersign))]
}
