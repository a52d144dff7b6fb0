import type { AuthorizationServer } from 'countersign'
import { as as published, json } from '../../packages/countersign/src/testing/answers.ts'
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

/** Metadata of the provider. */
export const as: AuthorizationServer = {
  ...published,
  authorization_endpoint: 'https://op.example.com/authorize',
  pushed_authorization_request_endpoint: 'https://op.example.com/request',
}

/** A protected resource that takes the provider's access tokens. */
export const RESOURCE = 'https://api.example.com'

export function exampleProvider(signer: Signer): ExampleProvider {
  const misunderstood: string[] = []
  const endpoints = new Map<string, Endpoint>([
    [route('GET', `${as.issuer}/.well-known/openid-configuration`), () => json(as)],
    [route('GET', `${as.issuer}/.well-known/oauth-authorization-server`), () => json(as)],
    [route('GET', as.jwks_uri), () => json(signer.jwks)],
    [route('POST', as.backchannel_authentication_endpoint), acknowledge],
    [route('POST', as.device_authorization_endpoint), authorizeDevice],
    [route('POST', as.pushed_authorization_request_endpoint), takePushed],
    [route('POST', as.token_endpoint), (request) => issueTokens(request, signer)],
    [route('POST', as.introspection_endpoint), introspect],
    [route('POST', as.revocation_endpoint), revoke],
    [route('POST', as.registration_endpoint), register],
    [route('GET', as.userinfo_endpoint), userInfo],
    [route('GET', `${RESOURCE}/.well-known/oauth-protected-resource`), describeResource],
    [route('GET', `${RESOURCE}/items`), listItems],
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

/** RFC 8628 §3.1: the client is named. */
async function authorizeDevice(request: Request): Promise<Response | undefined> {
  const { clientId } = await authenticated(request)
  if (clientId === undefined) return undefined
  const verification_uri = 'https://op.example.com/device'
  return json({ device_code: 'device_code', user_code: 'WDJB-MJHT', verification_uri, expires_in: 600, interval: 1 })
}

/** RFC 9126 §2.1: the parameters of an authorization request, or a request object. */
async function takePushed(request: Request): Promise<Response | undefined> {
  const { form, clientId } = await authenticated(request)
  const right = clientId !== undefined && (form.has('response_type') || form.has('request'))
  return right ? json({ request_uri: 'urn:ietf:params:oauth:request_uri:one', expires_in: 60 }, 201) : undefined
}

/** What each grant cannot do without (RFC 6749 §4.1.3, §4.4.2 and §6, RFC 8628 §3.4, RFC 8693 §2.1, CIBA Core §10.1). */
const GRANTS = new Map([
  ['authorization_code', ['code', 'redirect_uri', 'code_verifier']],
  ['client_credentials', []],
  ['refresh_token', ['refresh_token']],
  ['urn:ietf:params:oauth:grant-type:device_code', ['device_code']],
  ['urn:ietf:params:oauth:grant-type:token-exchange', ['subject_token', 'subject_token_type']],
  ['urn:openid:params:grant-type:ciba', ['auth_req_id']],
])

/** RFC 9449 §8: whoever proves a key is asked for a nonce, since a client that cannot give one is not ready for it. */
async function issueTokens(request: Request, { signIdToken }: Signer): Promise<Response | undefined> {
  const { form, clientId } = await authenticated(request)
  const needed = GRANTS.get(form.get('grant_type') ?? '')
  if (clientId === undefined || !needed?.every((name) => form.has(name))) return undefined
  const proof = request.headers.get('dpop')
  if (proof !== null && !claimsOf(proof).includes(NONCE)) {
    return json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': NONCE })
  }
  const claims = form.has('code') ? { nonce: 'nonce' } : {}
  return tokenResponse(await signIdToken(clientId, claims), proof === null ? 'Bearer' : 'DPoP')
}

/** RFC 7662 §2.1. */
async function introspect(request: Request): Promise<Response | undefined> {
  const { form, clientId } = await authenticated(request)
  const right = clientId !== undefined && form.has('token')
  return right ? json({ active: true, client_id: clientId, scope: 'read', sub: 'anna' }) : undefined
}

/** RFC 7009 §2.1. */
async function revoke(request: Request): Promise<Response | undefined> {
  const { form, clientId } = await authenticated(request)
  return clientId !== undefined && form.has('token') ? new Response() : undefined
}

/** RFC 7591 §3.1: for whoever has an initial access token. */
async function register(request: Request): Promise<Response | undefined> {
  // the library sends what JSON.stringify made of an object
  const metadata = (await request.json()) as object
  return request.headers.has('authorization') ? json({ ...metadata, client_id: 'new-client' }, 201) : undefined
}

function describeResource(): Response {
  return json({ resource: RESOURCE, authorization_servers: [as.issuer] })
}

/** RFC 9449 §9: here too, whoever proves a key is asked for a nonce. */
function listItems(request: Request): Response | undefined {
  const proof = request.headers.get('dpop')
  if (proof !== null && !claimsOf(proof).includes(NONCE)) {
    const challenge = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': NONCE }
    return new Response(null, { status: 401, headers: challenge })
  }
  return carriesToken(request) ? json([]) : undefined
}

function userInfo(request: Request): Response | undefined {
  return carriesToken(request) ? json({ sub: 'anna', name: 'Anna Example' }) : undefined
}

function carriesToken(request: Request): boolean {
  const scheme = request.headers.has('dpop') ? 'DPoP' : 'Bearer'
  return request.headers.get('authorization')?.toLowerCase() === `${scheme} ${ACCESS_TOKEN}`.toLowerCase()
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
