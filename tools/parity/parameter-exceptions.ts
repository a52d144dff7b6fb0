/** A function or class of ours whose number of parameters is not oauth4webapi's, and why nobody is hurt by it. */
export interface ParameterException {
  readonly name: string
  /** What `.length` is here. */
  readonly parameters: number
  readonly reason: string
}

const EVIDENCE = 'a third, optional argument carries the evidence: the rule, what was expected and what came'

const TRACE = 'a last, optional argument carries the trace of the checks'

export const parameterExceptions: readonly ParameterException[] = [
  { name: 'OperationProcessingError', parameters: 3, reason: EVIDENCE },
  { name: 'ResponseBodyError', parameters: 3, reason: EVIDENCE },
  { name: 'UnsupportedOperationError', parameters: 3, reason: EVIDENCE },
  { name: 'WWWAuthenticateChallengeError', parameters: 3, reason: EVIDENCE },
  { name: 'checkProtocol', parameters: 3, reason: TRACE },
  { name: 'processDiscoveryResponse', parameters: 3, reason: TRACE },
  { name: 'resolveEndpoint', parameters: 5, reason: TRACE },
  { name: 'generateKeyPair', parameters: 1, reason: 'the options have a default value, which `length` does not count' },
]
