import fc, { type Arbitrary } from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as endpoint from '../testing/callbacks.ts'
import * as hostile from '../testing/hostile.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { resolvesOrRefuses } from '../testing/resolves-or-refuses.ts'
import { signatureOf } from '../testing/signed.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import { callbackResponse } from './response.ts'

/*
 * No bytes that somebody sends to the endpoint make the validation of a callback do anything but resolve or reject with an
 * error of this library, and the answer be anything but 204, 400, 401 or 405.
 */

const { AUTH_REQ_ID, callback, KINDS, serverKey, validatePush } = endpoint

const PARAMETERS = { seed: hostile.SEED, numRuns: 200 }

async function holds<T>(input: Arbitrary<T>, act: (input: T) => Promise<unknown>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(input, async (value) => {
      await resolvesOrRefuses(() => act(value))
      const { status } = callbackResponse(await rejectionOf(() => act(value)))
      expect([204, 400, 401, 405]).toContain(status)
    }),
    PARAMETERS,
  )
}

// a machine that does much else at the same time is slow
vi.setConfig({ testTimeout: 30_000 })

beforeAll(() => {
  console.log(`hostile callbacks: COUNTERSIGN_SEED=${hostile.SEED} repeats it`)
})

describe.each(KINDS)(`%s, seed ${hostile.SEED}`, (_kind, validate, members) => {
  const valid = JSON.stringify(members)

  it('is taken when it is valid', async () => {
    expect(await resolvesOrRefuses(() => validate(callback(valid)))).toBe(true)
  })

  it('resolves or is refused, whatever bytes its body has', async () => {
    await holds(fc.uint8Array({ maxLength: 200 }), (bytes) => validate(callback(Uint8Array.from(bytes))))
    await holds(hostile.mutated(fc.constant(valid)), (bytes) => validate(callback(bytes)))
  })

  it('resolves or is refused, whatever JSON its body is', async () => {
    await holds(hostile.jsonText, (text) => validate(callback(text)))
    const changed = hostile.jsonObjectText(Object(members), 'error_description', 'auth_req_id', 'access_token')
    await holds(changed, (text) => validate(callback(text)))
    // whatever auth_req_id is, the transaction is found
    const known = { findTransaction: () => ({ client_notification_token: endpoint.TOKEN }) }
    await holds(changed, (text) => validate(callback(text), known))
  })

  it('resolves or is refused, whatever its headers are', async () => {
    await holds(hostile.headerText, (authorization) => validate(callback(valid, { authorization })))
    await holds(hostile.headerText, (text) => validate(callback(valid, { authorization: `Bearer ${text}` })))
    await holds(hostile.contentTypeText, (type) => validate(callback(valid, { 'content-type': type })))
    await holds(hostile.headerText, (length) => validate(callback(valid, { 'content-length': length })))
  })
})

describe(`the ID Token of a push, seed ${hostile.SEED}`, () => {
  function signed(header: string, claims: string): string {
    const input = `${encodeBase64url(encodeText(header))}.${encodeBase64url(encodeText(claims))}`
    return `${input}.${signatureOf('ES256', serverKey.privateKey, input)}`
  }

  const pushWith = (id_token: string) => validatePush(callback(JSON.stringify(endpoint.pushBody({ id_token }))))
  const HEADER = JSON.stringify({ alg: 'ES256', kid: 'server-1' })
  const CLAIMS = { ...endpoint.pushClaims(), exp: 4_102_444_800 }

  it('is taken when it is valid', async () => {
    expect(await resolvesOrRefuses(() => pushWith(signed(HEADER, JSON.stringify(CLAIMS))))).toBe(true)
  })

  it('resolves or is refused, whatever the server signs', async () => {
    await holds(hostile.jsonObjectText(CLAIMS, 'nbf', 'azp', AUTH_REQ_ID), (claims) => pushWith(signed(HEADER, claims)))
    await holds(hostile.jsonObjectText({ alg: 'ES256', kid: 'server-1' }, 'crit', 'jwk', 'b64'), (header) =>
      pushWith(signed(header, JSON.stringify(CLAIMS))),
    )
  })

  it('resolves or is refused, when its bytes were changed', async () => {
    const valid = signed(HEADER, JSON.stringify(CLAIMS))
    await holds(hostile.mutated(fc.constant(valid)), (bytes) => pushWith(Buffer.from(bytes).toString('latin1')))
  })
})
