import fc from 'fast-check'
import type { Finding, Result } from './campaign.ts'
import { commandFor } from './settings.ts'

/** A finding as a person wants to read it: what was called, with what, and what came of it on both sides. */
export function describeFinding(finding: Finding, engine: string): string {
  const replay = `${commandFor(engine)} --topic '${finding.topic}' --seed ${finding.seed} --path ${finding.path}`
  const lines = finding.differences.map(
    ({ path, theirs, ours }) =>
      `  ${path.join(' › ')}\n    oauth4webapi: ${text(theirs)}\n    countersign:  ${text(ours)}`,
  )
  return [
    `${finding.topic}: ${finding.signature}`,
    ...lines,
    `  input: ${fc.stringify(finding.input)}`,
    `  replay: ${replay}`,
  ].join('\n')
}

function text(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value)
}

export function describeResult({ topic, cases, refused, accepted, findings }: Result): string {
  const intended = [...accepted].map(([id, times]) => `${id} × ${times}`)
  const notes = intended.length === 0 ? '' : `; intended: ${intended.join('; ')}`
  return `${topic}: ${cases} cases, ${refused} refused there, ${findings.length} differences${notes}`
}
