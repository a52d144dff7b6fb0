import type { Comparable } from './comparable.ts'
import type { Record } from './scene.ts'

/** How a call was refused, as it was written down. */
export interface Refusal {
  readonly class: string
  readonly code: string | undefined
}

/** The refusal of the call with this label, if it was refused with an error of a library or of the runtime. */
export function refusalOf(record: Record, label: string | undefined): Refusal | undefined {
  const outcome = label === undefined ? undefined : record[label]
  const thrown = memberOf(outcome, 'rejects') ?? memberOf(outcome, 'throws')
  const name = memberOf(thrown, 'class')
  const code = memberOf(thrown, 'code')
  if (typeof name !== 'string') return undefined
  return { class: name, code: typeof code === 'string' ? code : undefined }
}

/** A member of something that was written down; `undefined` where it has none. */
export function memberOf(value: Comparable | undefined, name: string): Comparable | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined
}

/** Every text in a case's input, with the name of the member that holds it: for asking what the case is about. */
export function texts(input: unknown, name = ''): { name: string; text: string }[] {
  if (typeof input === 'string') return [{ name, text: input }]
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([member, value]) => texts(value, Array.isArray(input) ? name : member))
}
