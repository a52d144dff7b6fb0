// openid-client, a program that knows nothing of this library, through five flows; a person is told of each by HTTP.
import * as client from 'openid-client'

const { issuer, person, clientId, clientKey, redirectUri } = JSON.parse(process.env.SIGN_IN)

const approve = async (what, value) =>
  (await fetch(`${person}/approve/${what}`, { method: 'POST', body: value })).text()

const key = await crypto.subtle.importKey('jwk', clientKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
const authentication = client.PrivateKeyJwt({ key, kid: clientKey.kid })
const metadata = { id_token_signed_response_alg: 'ES256' }
const configuration = await client.discovery(new URL(issuer), clientId, metadata, authentication, {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
})

const DPoP = client.getDPoPHandle(configuration, await client.randomDPoPKeyPair('ES256'))

async function code() {
  const [pkceCodeVerifier, expectedState, expectedNonce] = [
    client.randomPKCECodeVerifier(),
    client.randomState(),
    client.randomNonce(),
  ]
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const callback = new URL(redirectUri + (await approve('browser', url.href)))
  const checks = { pkceCodeVerifier, expectedState, expectedNonce }
  return await client.authorizationCodeGrant(configuration, callback, checks, undefined, { DPoP })
}

async function device() {
  const begun = await client.initiateDeviceAuthorization(configuration, { scope: 'openid profile' })
  await approve('device', begun.user_code)
  begun.interval = 0.1
  return await client.pollDeviceAuthorizationGrant(configuration, begun, undefined, { DPoP })
}

async function ciba() {
  const parameters = { scope: 'openid profile', login_hint: 'anna' }
  const begun = await client.initiateBackchannelAuthentication(configuration, parameters)
  await approve('ciba', begun.auth_req_id)
  begun.interval = 0.1
  return await client.pollBackchannelAuthenticationGrant(configuration, begun, undefined, { DPoP })
}

for (const [flow, run] of Object.entries({ code, device, ciba })) {
  const tokens = await run()
  const { sub } = tokens.claims()
  const { name } = await client.fetchUserInfo(configuration, tokens.access_token, sub, { DPoP })
  console.log(JSON.stringify({ flow, sub, name, token_type: tokens.token_type }))
}
