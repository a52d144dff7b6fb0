import { pairedRatios, quartilesOf } from '../measuring/statistics.ts'
import type { Times } from '../measuring/contest.ts'
import { table } from '../measuring/table.ts'
import { OPPONENT } from './libraries.ts'
import type { Reached } from './targets.ts'

/** Everybody of one measurement: how long one run takes, and how many times as fast as oauth4webapi's it is. */
export function contenderTable(times: Times): string {
  const opponent = times.get(OPPONENT)
  const rows = [...times].map(([name, rounds]) => {
    const time = `${(quartilesOf(rounds).median * 1000).toFixed(2)} µs`
    if (opponent === undefined) return [name, time]
    const { low, median, high } = pairedRatios(opponent, rounds)
    return [name, time, median.toFixed(2), `${low.toFixed(2)}–${high.toFixed(2)}`]
  })
  return table([['contender', 'one run', 'speed-up', 'quartiles'], ...rows])
}

/** All targets, and which of them are met. */
export function targetTable(targets: readonly Reached[]): string {
  const rows = targets.map(({ name, engine, target, ratio, quartiles: [low, high] }) => {
    const verdict = ratio >= target ? 'met' : 'missed'
    return [name, engine, target.toFixed(2), ratio.toFixed(2), `${low.toFixed(2)}–${high.toFixed(2)}`, verdict]
  })
  return table([['target', 'engine', 'at least', 'reached', 'quartiles', ''], ...rows])
}

/** What `--json` writes. */
export function targetsJson(targets: readonly Reached[]): string {
  return `${JSON.stringify({ targets }, undefined, 2)}\n`
}
