import { allowInsecureRequests, customFetch, type HttpRequestOptions } from 'countersign'
import type { RelationshipOptions } from '../settings/options.ts'

/** How requests leave, in the form that every function of `countersign` takes. */
export type Transport = Pick<HttpRequestOptions<string>, 'headers' | typeof allowInsecureRequests> & {
  [customFetch]?: NonNullable<RelationshipOptions[typeof customFetch]>
}

export function transportOf(options: RelationshipOptions): Transport {
  const { headers, [customFetch]: fetched, [allowInsecureRequests]: insecure } = options
  return {
    ...(headers !== undefined && { headers }),
    ...(fetched !== undefined && { [customFetch]: fetched }),
    ...(insecure !== undefined && { [allowInsecureRequests]: insecure }),
  }
}
