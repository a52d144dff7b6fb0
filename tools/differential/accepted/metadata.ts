import type { Accepted } from '../harness/accepted.ts'

export const metadataDifferences: readonly Accepted[] = [
  {
    id: 'Endpoint aliases that are no object',
    reason:
      'A member `mtls_endpoint_aliases` that is no object is passed over, and the endpoint itself is used; oauth4webapi runs into an error of the runtime.',
    spec: 'RFC 8705 §5: a JSON object; a client that finds no alias uses the endpoint of the same name.',
    covers: (_, { input }) => aliases(input).some((value) => typeof value !== 'object' && value !== undefined),
  },
]

/** Every value that a case has for the member, wherever it is. */
function aliases(input: unknown): unknown[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([name, value]: [string, unknown]) =>
    name === 'mtls_endpoint_aliases' ? [value] : aliases(value),
  )
}
