import fc, { type Arbitrary } from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as hostile from '../testing/hostile.ts'
import { resolvesOrRefuses } from '../testing/resolves-or-refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { signatureOf, type SigningKey } from '../testing/signed.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'

/*
 * No header that a client sends makes the validation of an access token do anything but resolve or reject with an error
 * of this library: what its text is, and what is in a token and a proof that are really signed.
 */

const { clientKey, serverKey, thumbprintOf, validate } = resource

const PARAMETERS = { seed: hostile.SEED, numRuns: 200 }

async function holds<T>(input: Arbitrary<T>, act: (input: T) => Promise<unknown>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(input, async (value) => {
      await resolvesOrRefuses(() => act(value))
    }),
    PARAMETERS,
  )
}

// a machine that does much else at the same time is slow
vi.setConfig({ testTimeout: 30_000 })

beforeAll(() => {
  console.log(`hostile requests: COUNTERSIGN_SEED=${hostile.SEED} repeats it`)
})

const CLAIMS = {
  ...resource.accessTokenClaims({ exp: 4_102_444_800, nbf: 0, authorization_details: [] }),
  cnf: { jkt: thumbprintOf(clientKey.jwk) },
}
const HEADER = { alg: 'ES256', kid: 'server-1', typ: 'at+jwt' }
const TOKEN = sign(serverKey, JSON.stringify(HEADER), JSON.stringify(CLAIMS))
const PROOF_HEADER = { alg: 'ES256', typ: 'dpop+jwt', jwk: { ...clientKey.jwk } }

/** A JWT of JSON texts, which need not be what JSON.stringify makes; its signature is a good one. */
function sign({ alg, privateKey }: SigningKey, header: string, claims: string): string {
  const input = `${encodeBase64url(encodeText(header))}.${encodeBase64url(encodeText(claims))}`
  return `${input}.${signatureOf(alg, privateKey, input)}`
}

function proofClaims(token: string): object {
  const iat = Math.floor(Date.now() / 1000)
  return {
    jti: 'x',
    htm: 'GET',
    htu: resource.RESOURCE_URL,
    iat,
    ath: resource.sha256(token),
    nonce: 'n',
    exp: iat + 60,
  }
}

function proof(
  token: string,
  header = JSON.stringify(PROOF_HEADER),
  claims = JSON.stringify(proofClaims(token)),
): string {
  return sign(clientKey, header, claims)
}

function send(authorization: string, ...proofs: string[]): Promise<unknown> {
  const headers = new Headers({ authorization })
  for (const text of proofs) headers.append('dpop', text)
  return validate(new Request(resource.RESOURCE_URL, { headers }))
}

function asHeader(bytes: Uint8Array): string {
  return Buffer.from(bytes.filter((byte) => byte >= 0x20 && byte !== 0x7f)).toString('latin1')
}

it('takes what the others start from', async () => {
  expect(await resolvesOrRefuses(() => send(`DPoP ${TOKEN}`, proof(TOKEN)))).toBe(true)
})

describe(`the Authorization header, seed ${hostile.SEED}`, () => {
  it('resolves or refuses, whatever text it is', async () => {
    await holds(hostile.headerText, (text) => send(text))
    await holds(fc.tuple(fc.constantFrom('Bearer', 'DPoP'), hostile.headerText), ([scheme, text]) =>
      send(`${scheme} ${text}`, proof(text)),
    )
  })

  it('resolves or refuses, when the bytes of a valid one were changed', async () => {
    const dpop = proof(TOKEN)
    await holds(hostile.mutated(fc.constant(`DPoP ${TOKEN}`)), (bytes) => send(asHeader(bytes), dpop))
  })

  it('resolves or refuses, when members of the token’s header were changed', async () => {
    await holds(hostile.jsonObjectText(HEADER, 'crit', 'jwk', 'jku', 'b64'), (header) => {
      const token = sign(serverKey, header, JSON.stringify(CLAIMS))
      return send(`DPoP ${token}`, proof(token))
    })
  })

  it('resolves or refuses, when members of the token’s claims were changed', async () => {
    await holds(hostile.jsonObjectText(CLAIMS, 'scope'), (claims) => {
      const token = sign(serverKey, JSON.stringify(HEADER), claims)
      return send(`DPoP ${token}`, proof(token))
    })
  })

  it('resolves or refuses, when members of cnf were changed', async () => {
    await holds(fc.oneof(hostile.jsonObjectText(CLAIMS.cnf, 'x5t#S256', 'jwk'), hostile.jsonText), async (cnf) => {
      const claims = JSON.stringify({ ...CLAIMS, cnf: '#' }).replace('"#"', () => cnf)
      const token = sign(serverKey, JSON.stringify(HEADER), claims)
      await resolvesOrRefuses(() => send(`Bearer ${token}`))
      await send(`DPoP ${token}`, proof(token))
    })
  })
})

describe(`the DPoP header, seed ${hostile.SEED}`, () => {
  it('resolves or refuses, whatever texts it is', async () => {
    await holds(fc.array(hostile.headerText, { maxLength: 3 }), (texts) => send(`DPoP ${TOKEN}`, ...texts))
  })

  it('resolves or refuses, when the bytes of a valid one were changed', async () => {
    const valid = hostile.mutated(fc.constant(proof(TOKEN)))
    await holds(valid, (bytes) => send(`DPoP ${TOKEN}`, asHeader(bytes)))
  })

  it('resolves or refuses, when members of its header were changed', async () => {
    await holds(hostile.jsonObjectText(PROOF_HEADER, 'crit', 'kid'), (header) =>
      send(`DPoP ${TOKEN}`, proof(TOKEN, header)),
    )
  })

  it('resolves or refuses, when members of its key were changed', async () => {
    await holds(hostile.jsonObjectText(clientKey.jwk, 'alg', 'd', 'priv', 'n', 'e', 'pub', 'ext'), (jwk) =>
      send(
        `DPoP ${TOKEN}`,
        proof(
          TOKEN,
          JSON.stringify({ ...PROOF_HEADER, jwk: '#' }).replace('"#"', () => jwk),
        ),
      ),
    )
  })

  it('resolves or refuses, when members of its key were changed and the token is bound to that', async () => {
    // with the thumbprint of whatever it is, the key is imported
    const members = fc.record({ x: hostile.jsonText, y: hostile.jsonText, crv: hostile.jsonText }, { requiredKeys: [] })
    await holds(members, (changes) => {
      const parsed = Object.entries(changes).map(([name, text]) => [name, JSON.parse(text)] as const)
      const { kty, crv, x, y } = { ...clientKey.jwk, ...Object.fromEntries(parsed) }
      const jkt = resource.sha256(JSON.stringify({ crv, kty, x, y }))
      const token = sign(serverKey, JSON.stringify(HEADER), JSON.stringify({ ...CLAIMS, cnf: { jkt } }))
      return send(`DPoP ${token}`, proof(token, JSON.stringify({ ...PROOF_HEADER, jwk: { crv, kty, x, y } })))
    })
  })

  it('resolves or refuses, when members of its claims were changed', async () => {
    await holds(hostile.jsonObjectText(proofClaims(TOKEN), 'nbf'), (claims) =>
      send(`DPoP ${TOKEN}`, proof(TOKEN, undefined, claims)),
    )
  })

  it('resolves or refuses, whatever htu is', async () => {
    const htu = fc.oneof(
      fc.webUrl({ withQueryParameters: true }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(':', '//'),
    )
    await holds(htu, (text) =>
      send(`DPoP ${TOKEN}`, proof(TOKEN, undefined, JSON.stringify({ ...proofClaims(TOKEN), htu: text }))),
    )
  })
})

it.each(hostile.DEEP)('resolves or refuses, when %s in a token or a proof nest 100,000 deep', async (_, deep) => {
  const deepen = (value: object, name: string) => JSON.stringify({ ...value, [name]: '#' }).replace('"#"', () => deep)
  for (const name of ['aud', 'cnf', 'x']) {
    const token = sign(serverKey, JSON.stringify(HEADER), deepen(CLAIMS, name))
    await resolvesOrRefuses(() => send(`DPoP ${token}`, proof(token)))
  }
  for (const name of ['jwk', 'alg', 'x']) {
    await resolvesOrRefuses(() => send(`DPoP ${TOKEN}`, proof(TOKEN, deepen(PROOF_HEADER, name))))
  }
  const jwk = deepen(clientKey.jwk, 'x')
  const header = JSON.stringify({ ...PROOF_HEADER, jwk: '#' }).replace('"#"', () => jwk)
  await resolvesOrRefuses(() => send(`DPoP ${TOKEN}`, proof(TOKEN, header)))
})
