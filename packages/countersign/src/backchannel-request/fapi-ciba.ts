import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { methodOf } from '../client-authentication/method.ts'
import { type DPoPRequestOptions, proverOf } from '../dpop/handle.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { JwtPart } from '../jose/sign.ts'
import type { Client } from '../metadata/client.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { describe } from '../values/describe.ts'
import type { CheckedRequest } from './check-parameters.ts'
import * as rules from './fapi-ciba.rules.ts'
import { includes } from './registration.ts'

/** What the profile asks about beside the request itself. */
export interface FapiCibaOptions extends DPoPRequestOptions, Pick<HttpRequestOptions<'POST'>, 'headers'> {
  /**
   * With the profile `fapi-ciba`: lets a request have no `binding_message` (FAPI-CIBA, section 5.2.3.1, item 2). Safe only
   * where the person sees on the authentication device, without one, which transaction they authorize, and no other can be
   * taken for it: it is named in `authorization_details` or a scope value, or the hint was made on that device for this one
   * transaction. Default false.
   */
  sufficientAuthorizationContext?: boolean
}

/** FAPI-CIBA §7.10 */
const ALGORITHMS = ['PS256', 'ES256']

/** FAPI 1.0 Part 2 §5.2.2 item 14 */
const METHODS = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']

/** FAPI-CIBA §6.2 item 1 */
const HEADERS = ['x-fapi-customer-ip-address', 'x-fapi-auth-date']

/** Seconds: FAPI-CIBA §5.2.2 item 9. */
const MAXIMUM_LIFETIME = 3600

/** What the profile asks of a request before it is signed. */
export function checkFapiRequest(
  context: Context,
  client: Client,
  clientAuthentication: ClientAuth,
  { mode, parameters }: CheckedRequest,
  signed: boolean,
  options: FapiCibaOptions,
): void {
  check(context, rules.FAPI_DELIVERY_MODE, mode !== 'push', ['poll', 'ping'], mode)
  check(context, rules.FAPI_SIGNED, signed, 'a signed request', 'an unsigned one')
  const bound = parameters.has('binding_message') || options.sufficientAuthorizationContext === true
  check(context, rules.FAPI_BINDING_MESSAGE, bound, 'a text', 'missing')
  checkClientAuthentication(context, client, clientAuthentication)
  checkAnswers(context, client, options)
  const headers = new Headers(options.headers)
  const forbidden = HEADERS.filter((name) => headers.has(name))
  check(context, rules.FAPI_HEADERS, forbidden.length === 0, `neither ${HEADERS.join(' nor ')}`, forbidden)
}

function checkClientAuthentication(context: Context, client: Client, clientAuthentication: ClientAuth): void {
  const registered = client.token_endpoint_auth_method
  const registeredAlg = client.token_endpoint_auth_signing_alg
  // a function of the caller's own is what the registration says that it is
  const { names = [registered], alg = registeredAlg } = methodOf(clientAuthentication) ?? {}
  const strong = names.some((name) => includes(METHODS, name))
  check(context, rules.FAPI_CLIENT_AUTHENTICATION, strong, METHODS, names[0] ?? 'an unknown method')
  // mutual TLS has no assertion
  if (alg !== undefined) check(context, rules.FAPI_ASSERTION_ALG, includes(ALGORITHMS, alg), ALGORITHMS, alg)
}

/** What the tokens that the request is about will be. */
function checkAnswers(context: Context, client: Client, options: FapiCibaOptions): void {
  const prover = proverOf(options)
  const constrained =
    prover !== undefined ||
    client.dpop_bound_access_tokens === true ||
    client.tls_client_certificate_bound_access_tokens === true
  check(context, rules.FAPI_SENDER_CONSTRAINED, constrained, 'bound by DPoP or mutual TLS', 'bound to nothing')
  if (prover !== undefined) {
    check(context, rules.FAPI_DPOP_ALG, includes(ALGORITHMS, prover.alg), ALGORITHMS, prover.alg)
  }
  const { id_token_signed_response_alg: alg } = client
  check(context, rules.FAPI_ID_TOKEN_ALG, includes(ALGORITHMS, alg), ALGORITHMS, alg ?? 'missing')
  const weak = Object.keys(client).filter(
    (name) => name.endsWith('_encrypted_response_alg') && client[name] === 'RSA1_5',
  )
  check(context, rules.FAPI_ENCRYPTION, weak.length === 0, 'no RSA1_5', weak)
}

/** What the profile asks of the signed request, as it will be signed. */
export function checkFapiRequestObject(context: Context, header: JwtPart, { exp, nbf }: JwtPart): void {
  const { alg } = header
  check(context, rules.FAPI_REQUEST_ALG, includes(ALGORITHMS, alg), ALGORITHMS, alg)
  const lifetime = typeof exp === 'number' && typeof nbf === 'number' ? exp - nbf : undefined
  const limited = (lifetime ?? Infinity) <= MAXIMUM_LIFETIME
  check(context, rules.FAPI_LIFETIME, limited, `${MAXIMUM_LIFETIME} seconds at most`, lifetime ?? describe(lifetime))
}
