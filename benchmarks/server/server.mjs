// A resource server that is as small as can be, in a process of its own: a token decides about each request, or nothing does.
// Run by main.ts.
import { once } from 'node:events'
import { createServer } from 'node:http'

const { kind, as, audience, jwk } = JSON.parse(process.argv[2])

/** Answers who may ask; what they take is the request. */
const validators = {
  'no validation': async () => async () => {},
  countersign: () => validating('countersign', () => ({})),
  'countersign, sync': () => validating('countersign', ({ syncCrypto }) => ({ [syncCrypto]: true })),
  oauth4webapi: () => validating('oauth4webapi', () => ({})),
}

async function validating(name, settingsOf) {
  const library = await import(name)
  const keys = () => Response.json({ keys: [jwk] })
  const options = { ...settingsOf(library), [library.customFetch]: async () => keys() }
  return async ({ url, method, headers }) => {
    const request = new Request(new URL(url, audience), { method, headers })
    await library.validateJwtAccessToken(as, request, audience, options)
  }
}

const validate = await validators[kind]()

const http = createServer(async (incoming, outgoing) => {
  try {
    await validate(incoming)
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"accounts":[]}')
  } catch {
    outgoing.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
  }
})
await once(http.listen(0, '127.0.0.1'), 'listening')
process.on('disconnect', () => process.exit())
process.send({ port: http.address().port })
