/** A function or class of ours whose number of parameters is not oauth4webapi's, and why nobody is hurt by it. */
export interface ParameterException {
  readonly name: string
  /** What `.length` is here. */
  readonly parameters: number
  readonly reason: string
}

const TRACE = 'a last, optional argument carries the trace of the checks, and the size that a body may have'

export const parameterExceptions: readonly ParameterException[] = [
  { name: 'checkProtocol', parameters: 3, reason: TRACE },
  { name: 'processDiscoveryResponse', parameters: 3, reason: TRACE },
  { name: 'processDynamicClientRegistrationResponse', parameters: 2, reason: TRACE },
  { name: 'processResourceDiscoveryResponse', parameters: 3, reason: TRACE },
  { name: 'processRevocationResponse', parameters: 2, reason: TRACE },
  { name: 'resolveEndpoint', parameters: 5, reason: TRACE },
]
