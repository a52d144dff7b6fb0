import { parseArgs } from 'node:util'
import type { Pace } from '../measuring/interleave.ts'

/** How long is measured, and what. */
export interface Settings {
  readonly pace: Pace
  /** Milliseconds for all measurements of time; the later ones are shorter where the machine is slow. */
  readonly total: number
  /** Whether contenders take part that no target is about. */
  readonly peers: boolean
  readonly heapRounds: number
  readonly importRounds: number
  /** Whether a measurement is wanted, by its name. */
  readonly isWanted: (measurement: string) => boolean
  /** Where the JSON goes. */
  readonly json: string | undefined
  /** Writes the targets down for docs/performance.md. */
  readonly record: boolean
  /** What was asked for, without where it goes. */
  readonly command: string
}

export const HELP = `npm run bench -- [options]

Measures this library, on each of its engines, beside others that do the same job. Contenders take turns in one process,
in slices of some milliseconds; ratios are medians over the rounds, with quartiles. Nobody is measured who does not do the
whole job: that is tried before and after.

  --json FILE     writes the ratios, one for each cell of the table of targets; larger is better in all of them
  --record        writes them to benchmarks/library/last-run.json too, of which \`npm run bench:charts\` makes a table
  --quick         in less than 200 seconds, without those contenders that no target is about: for a first impression
  --filter TEXT   only measurements with TEXT in their name; may be given more than once
  --help          this text

Targets that are missed are shown. They are no failure: the exit code is 0 when everything was measured.`

const FULL = { pace: { slice: 30, budget: 20_000 }, total: Infinity, peers: true, heapRounds: 5, importRounds: 40 }
const QUICK = { pace: { slice: 20, budget: 3_000 }, total: 110_000, peers: false, heapRounds: 2, importRounds: 12 }

/** What was asked for on the command line; `undefined` where that is help. */
export function settingsOf(args: string[]): Settings | undefined {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'string' },
      record: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      filter: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const asked = [...(values.quick ? ['--quick'] : []), ...values.filter.map((text) => `--filter '${text}'`)]
  const texts = values.filter.map((text) => text.toLowerCase())
  return {
    ...(values.quick ? QUICK : FULL),
    isWanted: (name) => texts.length === 0 || texts.some((text) => name.toLowerCase().includes(text)),
    json: values.json,
    record: values.record,
    command: ['npm run bench', ...(asked.length === 0 ? [] : ['--', ...asked])].join(' '),
  }
}
