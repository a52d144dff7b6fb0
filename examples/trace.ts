// Shows every check that is applied to an answer and to the ID Token in it, the passed ones too.
import * as countersign from 'countersign'

export interface Context {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** A transaction that the person has approved; ciba-poll.ts shows the way to there. */
  readonly authReqId: string
  readonly print: (line: string) => void
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export async function run({ as, client, clientAuth, authReqId, print, options }: Context): Promise<void> {
  const trace: countersign.Trace = ({ passed, rule, spec, expected, actual }) => {
    print(`${passed ? 'pass' : 'FAIL'} ${rule} (${spec.document}, section ${spec.section})`)
    // safe to log: tokens, secrets and claims about a person are described, not repeated
    if (!passed) print(`     expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
  }

  // the client carries the option; functions that take no client have it among their own
  const traced = { ...client, [countersign.trace]: trace }
  const response = await countersign.backchannelAuthenticationGrantRequest(as, traced, clientAuth, authReqId, options)
  await countersign.processBackchannelAuthenticationGrantResponse(as, traced, response)
  await countersign.validateApplicationLevelSignature(as, response, { ...options, [countersign.trace]: trace })
}
