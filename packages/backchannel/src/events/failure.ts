import type { Failure } from '../transaction/outcome.ts'

/** What of an error may be stored and shown. Errors of `countersign` hold nothing else in these members. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: 'something was thrown that is no error' }
  const { name, message } = error
  return {
    name,
    message,
    ...textMember(error, 'code'),
    ...textMember(error, 'rule'),
    ...textMember(error, 'error'),
    ...textMember(error, 'error_description'),
  }
}

function textMember<Name extends string>(error: Error, name: Name): { readonly [N in Name]?: string } {
  const value: unknown = Reflect.get(error, name)
  // a computed name has the type of every string
  return typeof value === 'string' ? ({ [name]: value } as { readonly [N in Name]?: string }) : {}
}
