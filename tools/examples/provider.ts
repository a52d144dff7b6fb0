import { as, json } from '../../packages/countersign/src/testing/answers.ts'
import { ACCESS_TOKEN, type Signer, tokenResponse } from './signer.ts'

/** An OpenID Provider that lives in a function: it answers every request that is right, and always with success. */
export interface ExampleProvider {
  /** In place of the global `fetch`. */
  readonly fetch: typeof fetch
  /** Requests that were not right: an example that made one is wrong. */
  readonly misunderstood: readonly string[]
}

/** Resolves with nothing when the request is not right. */
type Endpoint = (request: Request) => Response | undefined | Promise<Response | undefined>

const NONCE = 'nonce-of-the-server'

export function exampleProvider(signer: Signer): ExampleProvider {
  const misunderstood: string[] = []
  const endpoints = new Map<string, Endpoint>([
    [route('GET', `${as.issuer}/.well-known/openid-configuration`), () => json(as)],
    [route('GET', `${as.issuer}/.well-known/oauth-authorization-server`), () => json(as)],
    [route('GET', as.jwks_uri), () => json(signer.jwks)],
    [route('POST', as.backchannel_authentication_endpoint), acknowledge],
    [route('POST', as.token_endpoint), (request) => issueTokens(request, signer)],
    [route('GET', as.userinfo_endpoint), userInfo],
  ])
  return {
    misunderstood,
    async fetch(input, init) {
      const request = new Request(input, init)
      const asked = route(request.method, request.url)
      const response = await endpoints.get(asked)?.(request)
      if (response !== undefined) return response
      misunderstood.push(asked)
      return json({ error: 'invalid_request' }, 400)
    },
  }
}

function route(method: string, url = ''): string {
  return `${method} ${url}`
}

/** CIBA Core §7.1: `openid` is among the scope values, and exactly one hint says who is to be asked. */
async function acknowledge(request: Request): Promise<Response | undefined> {
  const { form, clientId } = await authenticated(request)
  const hints = [...form.keys()].filter((name) => /^(login_hint|login_hint_token|id_token_hint)$/.test(name))
  const right = clientId !== undefined && form.get('scope')?.split(' ').includes('openid') && hints.length === 1
  return right ? json({ auth_req_id: 'auth_req_id', expires_in: 120, interval: 1 }) : undefined
}

/** RFC 9449 §8: whoever proves a key is asked for a nonce, since a client that cannot give one is not ready for it. */
async function issueTokens(request: Request, { signIdToken }: Signer): Promise<Response | undefined> {
  const { form, clientId } = await authenticated(request)
  // RFC 8693 §2.1 beside CIBA Core §10.1
  if (clientId === undefined || !(form.has('auth_req_id') || form.has('subject_token'))) return undefined
  const proof = request.headers.get('dpop')
  if (proof !== null && !claimsOf(proof).includes(NONCE)) {
    return json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': NONCE })
  }
  return tokenResponse(await signIdToken(clientId), proof === null ? 'Bearer' : 'DPoP')
}

function userInfo(request: Request): Response | undefined {
  const scheme = request.headers.has('dpop') ? 'DPoP' : 'Bearer'
  const right = request.headers.get('authorization')?.toLowerCase() === `${scheme} ${ACCESS_TOKEN}`.toLowerCase()
  return right ? json({ sub: 'anna', name: 'Anna Example' }) : undefined
}

/** A form and the client that sent it: whom its header names (RFC 6749 §2.3.1), or its body. */
async function authenticated(request: Request): Promise<{ form: URLSearchParams; clientId: string | undefined }> {
  const form = new URLSearchParams(await request.text())
  const [scheme, credentials] = request.headers.get('authorization')?.split(' ') ?? []
  const named = scheme === 'Basic' ? atob(credentials ?? '').split(':')[0] : form.get('client_id')
  return { form, clientId: named ? decodeURIComponent(named) : undefined }
}

/** The claims of a JWT, as JSON. */
function claimsOf(jwt: string): string {
  return Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()
}
