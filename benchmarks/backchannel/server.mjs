// The simulated authorization server, in a process of its own: it keeps the time of every token request, and so sees what
// comes too early, and two at once. Nobody approves until it is told to let them, at random moments.
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

const interval = Number(process.argv[2])

/** Seconds. */
const EXPIRES_IN = 3600

/** Milliseconds that an answer takes at most, at random. */
const LATENCY = 20

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const authentications = new Map()
const counts = { authentications: 0, tokenRequests: 0, early: 0, doubled: 0, redeemedTwice: 0, approved: 0 }
let approving

function tokens() {
  const access_token = 'access'
  const iat = Math.floor(Date.now() / 1000)
  const at_hash = createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url')
  const claims = { iss: 'https://op.example.com', sub: 'anna', aud: 'shop', iat, exp: iat + 3600, at_hash }
  const input = [{ alg: 'ES256', kid: 'k' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return {
    access_token,
    id_token: `${input}.${signature.toString('base64url')}`,
    token_type: 'Bearer',
    expires_in: 300,
  }
}

const answers = {
  '/jwks': async () => [200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' }] }],
  async '/backchannel'() {
    const auth_req_id = `auth-req-id-${counts.authentications++}`
    authentications.set(auth_req_id, { share: Math.random() })
    return [200, { auth_req_id, expires_in: EXPIRES_IN, interval }]
  },
  async '/token'(form) {
    const one = authentications.get(form.get('auth_req_id'))
    const now = Date.now()
    counts.tokenRequests++
    if (one.asking) counts.doubled++
    if (now - one.askedAt < interval * 1000) counts.early++
    one.askedAt = now
    one.asking = true
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LATENCY))
    one.asking = false
    if (approving === undefined || now < approving.from + one.share * approving.window) {
      return [400, { error: 'authorization_pending' }]
    }
    if (one.redeemed) {
      counts.redeemedTwice++
      return [400, { error: 'invalid_grant' }]
    }
    one.redeemed = true
    counts.approved++
    return [200, tokens()]
  },
}

const http = createServer(async (incoming, outgoing) => {
  let body = ''
  for await (const chunk of incoming) body += chunk
  const [status, answer] = await answers[incoming.url](new URLSearchParams(body))
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
})
http.keepAliveTimeout = 60_000
await once(http.listen(0, '127.0.0.1'), 'listening')

process.on('message', (message) => {
  if (message.approveWithin !== undefined) approving = { from: Date.now(), window: message.approveWithin * 1000 }
  else process.send({ counts })
})
process.on('disconnect', () => process.exit())
process.send({ port: http.address().port })
