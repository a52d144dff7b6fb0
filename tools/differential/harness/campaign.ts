import fc from 'fast-check'
import { sift } from '../accepted.ts'
import { type Difference, differences, signature } from './difference.ts'
import type { Library } from './library.ts'
import { observe, type Record } from './scene.ts'
import type { Topic } from './topic.ts'

/** A difference that nobody accepted, in the smallest case that still shows it. */
export interface Finding {
  readonly topic: string
  readonly signature: string
  readonly input: unknown
  readonly differences: readonly Difference[]
  /** Reproduces it: `npm run differential -- --topic … --seed … --path …`. */
  readonly seed: number
  readonly path: string
}

export interface Campaign {
  readonly topic: Topic
  readonly theirs: Library
  readonly ours: Library
  readonly cases: number
  readonly seed: number
  readonly path?: string | undefined
  /** How many different findings are enough. */
  readonly limit: number
  /** Findings as they came, where only their being there matters. */
  readonly unshrunk?: boolean
}

export interface Result {
  readonly topic: string
  readonly cases: number
  /** Cases in which the first call came to an error, of both libraries: the rest were accepted. */
  readonly refused: number
  readonly accepted: ReadonlyMap<string, number>
  readonly findings: readonly Finding[]
}

/** Runs the cases of a topic, and goes on behind a finding until there are enough of them. */
export async function run(campaign: Campaign): Promise<Result> {
  const findings: Finding[] = []
  const accepted = new Map<string, number>()
  const count = { cases: 0, refused: 0 }
  const seen = new Set<string>()
  for (let segment = 0; count.cases < campaign.cases && findings.length < campaign.limit; segment++) {
    const finding = await search(campaign, campaign.seed + segment, { accepted, count, seen })
    if (finding === undefined) break
    seen.add(finding.signature)
    findings.push(finding)
    if (campaign.path !== undefined) break
  }
  return { topic: campaign.topic.name, ...count, accepted, findings }
}

interface Progress {
  readonly accepted: Map<string, number>
  readonly count: { cases: number; refused: number }
  readonly seen: ReadonlySet<string>
}

/** Until the first difference of a kind that was not seen before; shrinking keeps to that kind. */
async function search(campaign: Campaign, seed: number, progress: Progress): Promise<Finding | undefined> {
  const { topic, path, unshrunk = false } = campaign
  let wanted: string | undefined
  const property = fc.asyncProperty(topic.input, async (input) => {
    const compared = await compare(campaign, input)
    const kind = compared.unaccepted.length === 0 ? undefined : signature(compared.unaccepted)
    if (wanted === undefined) count(compared, progress)
    if (kind === undefined || progress.seen.has(kind)) return true
    wanted ??= kind
    return kind !== wanted
  })
  const numRuns = campaign.cases - progress.count.cases
  const details = await fc.check(property, {
    seed,
    numRuns,
    endOnFailure: unshrunk,
    ...(path === undefined ? {} : { path }),
  })
  if (!details.failed) return undefined
  const input = details.counterexample?.[0]
  const { unaccepted } = await compare(campaign, input)
  return {
    topic: topic.name,
    signature: wanted ?? signature(unaccepted),
    input,
    differences: unaccepted,
    seed,
    path: details.counterexamplePath ?? '',
  }
}

interface Compared {
  readonly theirs: Record
  readonly unaccepted: readonly Difference[]
  readonly ids: readonly string[]
}

async function compare(campaign: Campaign, input: unknown): Promise<Compared> {
  const act = campaign.topic.stage(input)
  const { record: theirs } = await observe(campaign.theirs, act)
  const { record: ours, reasons } = await observe(campaign.ours, act)
  const found = differences(theirs, ours)
  return { theirs, ...sift(found, { topic: campaign.topic.name, input, theirs, ours, reasons }) }
}

function count({ theirs, unaccepted, ids }: Compared, progress: Progress): void {
  progress.count.cases++
  if (isRefusal(theirs)) progress.count.refused++
  if (unaccepted.length > 0) return
  for (const id of ids) progress.accepted.set(id, (progress.accepted.get(id) ?? 0) + 1)
}

function isRefusal(record: Record): boolean {
  const first = Object.values(record).find((value) => typeof value === 'object')
  return typeof first === 'object' && first !== null && ('throws' in first || 'rejects' in first)
}
