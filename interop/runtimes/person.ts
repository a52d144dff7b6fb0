// The person, with a browser and a phone: what no program does for itself. A program tells them by HTTP what waits for
// them (`POST /person/approve/browser` with the authorization URL), which every runtime can, and a page too.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { errors, type Provider } from 'oidc-provider'

const ACCOUNT = 'anna'

/** Where the provider sends the browser for the person's sign-in and consent. */
export const INTERACTION = '/person/interaction/'

export function personFor(provider: Provider, redirectUri: string): RequestListener {
  const answers: Readonly<Record<string, (value: string) => Promise<string>>> = {
    'approve/browser': (url) => browse(url, redirectUri, 'approve'),
    'deny/browser': (url) => browse(url, redirectUri, 'deny'),
    'approve/ciba': (authReqId) => answerBackchannel(provider, authReqId, true),
    'deny/ciba': (authReqId) => answerBackchannel(provider, authReqId, false),
    'approve/device': (userCode) => answerDevice(provider, userCode),
  }
  return (request, response) => {
    if (request.url?.startsWith(INTERACTION)) {
      void consent(provider, request, response)
      return
    }
    // a page of another origin may read the answer
    response.setHeader('access-control-allow-origin', '*')
    const answer = answers[request.url?.slice('/person/'.length) ?? '']
    text(request)
      .then((value) => answer?.(value) ?? Promise.reject(new Error(`nobody answers ${request.url ?? ''}`)))
      .then(
        (result) => response.end(result),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
  }
}

/** Goes where the provider sends the browser, with its cookies, until it comes back to the client; gives the query. */
async function browse(start: string, redirectUri: string, decision: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  while (!url.href.startsWith(redirectUri)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie, decision } })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = response.headers.get('location')
    if (location === null) {
      throw new Error(`${url.href} answered ${response.status}: ${await response.text()}`)
    }
    url = new URL(location, url)
  }
  return url.search
}

async function consent(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.decision === 'deny') {
    await provider.interactionFinished(request, response, { error: 'access_denied' })
    return
  }
  const { params } = await provider.interactionDetails(request, response)
  const grantId = await grantOf(provider, String(params.client_id), String(params.scope))
  await provider.interactionFinished(request, response, { login: { accountId: ACCOUNT }, consent: { grantId } })
}

async function answerBackchannel(provider: Provider, authReqId: string, approves: boolean): Promise<string> {
  const request = await provider.BackchannelAuthenticationRequest.find(authReqId)
  if (!request?.clientId) {
    throw new Error('no such authentication request')
  }
  if (approves) {
    await provider.backchannelResult(request, await grantOf(provider, request.clientId, request.scope ?? ''))
  } else {
    await provider.backchannelResult(request, new errors.AccessDenied('the person refused'))
  }
  return 'done'
}

async function answerDevice(provider: Provider, userCode: string): Promise<string> {
  // oidc-provider keeps the code without what makes it readable
  const code = await provider.DeviceCode.findByUserCode(userCode.replace(/\W/g, ''))
  if (!code?.clientId) {
    throw new Error('no such user code')
  }
  const scope = String(code.params?.scope)
  const grantId = await grantOf(provider, code.clientId, scope)
  Object.assign(code, { accountId: ACCOUNT, grantId, scope, authTime: Math.floor(Date.now() / 1000) })
  await code.save()
  return 'done'
}

async function grantOf(provider: Provider, clientId: string, scope: string): Promise<string> {
  const grant = new provider.Grant({ clientId, accountId: ACCOUNT })
  grant.addOIDCScope(scope)
  return await grant.save()
}
