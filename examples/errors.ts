// What went wrong, whose fault it is, and what to do: what the library's errors tell.
import * as countersign from 'countersign'
import { explain } from 'countersign/explain'

/** An error in a few lines for a log. Nothing in them is a token, a secret or a claim about a person. */
export function tell(error: unknown): string[] {
  return [...happened(error), ...remedy(error)]
}

function happened(error: unknown): string[] {
  // the server answered with an error of its own (RFC 6749 §5.2, CIBA Core §11 and §13)
  if (error instanceof countersign.ResponseBodyError) {
    return [`the server answered ${error.error} with status ${error.status}`]
  }
  // the server asks for other credentials (RFC 9110 §11.6.1)
  if (error instanceof countersign.WWWAuthenticateChallengeError) {
    return error.cause.map(
      ({ scheme, parameters }) => `the server challenges by ${scheme}: ${parameters.error ?? 'no error'}`,
    )
  }
  // a rule refused what the server sent, or it needs something that is not supported
  if (error instanceof countersign.OperationProcessingError || error instanceof countersign.UnsupportedOperationError) {
    const { code, rule, spec, expected, actual, endpoint } = error
    return [`refused: ${JSON.stringify({ code, rule, spec, expected, actual, endpoint })}`]
  }
  // a mistake in the call, made before anything was sent
  if (error instanceof TypeError && 'code' in error) {
    return [`wrong call, ${String(error.code)}: ${error.message}`]
  }
  // no error of the library's, such as fetch failing to connect, which it passes on as it is
  throw error
}

function remedy(error: unknown): string[] {
  const explanation = explain(error)
  return explanation === undefined ? [] : [explanation.sentence, explanation.remedy]
}

export interface Context {
  readonly issuer: URL
  /** Registered with client_secret_basic. */
  readonly client: countersign.Client
  readonly clientSecret: string
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export interface Told {
  readonly anotherIssuer: string[]
  readonly nobodyOfThisName: string[]
  readonly wrongSecret: string[]
  readonly noSecret: string[]
}

/** One error of each sort, told. */
export async function run({ issuer, client, clientSecret, options }: Context): Promise<Told> {
  const metadata = await countersign.discoveryRequest(issuer, options)
  const as = await countersign.processDiscoveryResponse(issuer, metadata.clone())

  async function authenticate(secret: string, login_hint: string): Promise<unknown> {
    const clientAuth = countersign.ClientSecretBasic(secret)
    const parameters = { scope: 'openid', login_hint }
    const response = await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters, options)
    return await countersign.processBackchannelAuthenticationResponse(as, client, response)
  }

  return {
    anotherIssuer: await toldBy(() =>
      countersign.processDiscoveryResponse(new URL('https://another.example.com'), metadata),
    ),
    nobodyOfThisName: await toldBy(() => authenticate(clientSecret, 'nobody')),
    wrongSecret: await toldBy(() => authenticate('wrong', 'anna')),
    noSecret: await toldBy(() => authenticate('', 'anna')),
  }
}

async function toldBy(act: () => Promise<unknown>): Promise<string[]> {
  return await act().then(() => [], tell)
}
