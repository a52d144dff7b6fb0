import { describe, expect, it } from 'vitest'
import { maxBodySize } from '../metadata/body-size.ts'
import { AUTH_REQ_ID, callback, KINDS } from '../testing/callbacks.ts'
import { DEEP } from '../testing/hostile.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { bodyOf, endlessBody } from '../testing/streams.ts'
import * as rules from './callback.rules.ts'

describe.each(KINDS)('the body of %s', (_kind, validate, members) => {
  const valid = JSON.stringify(members)

  /** The valid members in a number of bytes. */
  function ofSize(bytes: number): string {
    return JSON.stringify({ ...members, x: '' }).replace(
      /""}$/,
      `"${'x'.repeat(bytes - valid.length - ',"x":""'.length)}"}`,
    )
  }

  const parts = (text: string) => bodyOf(...(text.match(/.{1,1000}/gs) ?? []))

  it.each([
    ['in one part', (text: string) => callback(text)],
    ['in many parts', (text: string) => callback(parts(text))],
    ['in many parts, with its length', (text: string) => callback(parts(text), { 'content-length': `${text.length}` })],
    ['with a length that is not true', (text: string) => callback(parts(text), { 'content-length': '10' })],
    ['with a length that is none', (text: string) => callback(parts(text), { 'content-length': 'x' })],
  ])('has 64 KiB at most, %s', async (_title, sent) => {
    expect(await validate(sent(ofSize(65_536)))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    const error = await refuses(rules.CALLBACK_SIZE, () => validate(sent(ofSize(65_537))))
    expect(error).toMatchObject({ expected: 'at most 65536 bytes' })
  })

  it('has as many bytes as maxBodySize says at most', async () => {
    const options = { [maxBodySize]: valid.length }
    expect(await validate(callback(valid), options)).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    await refuses(rules.CALLBACK_SIZE, () => validate(callback(`${valid} `), options))
    expect(await validate(callback(ofSize(100_000)), { [maxBodySize]: 100_000 })).toMatchObject({
      auth_req_id: AUTH_REQ_ID,
    })
  })

  it('is not read where its length is too large', async () => {
    const request = callback(parts(valid), { 'content-length': '65537' })
    const error = await rejectionOf(() => validate(request))
    expect(error).toMatchObject({ rule: rules.CALLBACK_SIZE.id, actual: 65_537 })
    expect(request.bodyUsed).toBe(false)
  })

  it('is read no further than that where it does not end, and its sender told to stop', async () => {
    const { stream, taken, cancelled } = endlessBody()
    expect(await rejectionOf(() => validate(callback(stream)))).toMatchObject({ rule: rules.CALLBACK_SIZE.id })
    expect(cancelled()).toBe(true)
    expect(taken()).toBeLessThan(65_536 * 5)
  })

  it('arrives whole (RFC 9110 6.1)', async () => {
    const failure = new Error('reset')
    const error = await refuses(rules.CALLBACK_BODY, () => validate(callback(bodyOf(valid, failure))))
    expect(error.cause).toBe(failure)
    const half = () => validate(callback(bodyOf(valid.slice(0, 9), new Error('reset'))))
    await refuses(rules.CALLBACK_BODY, half, rules.CALLBACK_JSON)
    await refuses(rules.CALLBACK_BODY, () => validate(callback(bodyOf(failure))), rules.CALLBACK_JSON)
  })

  it.each([
    ['a byte that stands in no character', [0xff]],
    ['a character that is cut off', [0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('is UTF-8, without %s (RFC 8259 8.1)', async (_title, bytes) => {
    const encoder = new TextEncoder()
    const start = encoder.encode(`${valid.slice(0, -1)},"x":"`)
    const body = () => bodyOf(start, Uint8Array.from(bytes), encoder.encode('"}'))
    await refuses(rules.CALLBACK_JSON, () => validate(callback(body())), rules.CALLBACK_OBJECT)
  })

  it('is not UTF-16', async () => {
    const body = () => new Uint8Array(Buffer.from(`\uFEFF${valid}`, 'utf16le'))
    await refuses(rules.CALLBACK_JSON, () => validate(callback(body())), rules.CALLBACK_OBJECT)
  })

  it.each([
    ['nothing', ''],
    ['a form', `auth_req_id=${AUTH_REQ_ID}`],
    ['half of it', valid.slice(0, -1)],
    ['two of it', valid + valid],
    ['more behind it', `${valid}x`],
    ['other quotation marks', valid.replaceAll('"', "'")],
    ['a comma too many', `${valid.slice(0, -1)},}`],
    ['a number that is none', `${valid.slice(0, -1)},"x":NaN}`],
  ])('is JSON, not %s (RFC 8259 2)', async (_title, body) => {
    await refuses(rules.CALLBACK_JSON, () => validate(callback(body)), rules.CALLBACK_OBJECT)
  })

  it('is not absent', async () => {
    await refuses(rules.CALLBACK_JSON, () => validate(callback(null)), rules.CALLBACK_OBJECT)
  })

  it.each(DEEP)('is no JSON of %s that nest 100,000 deep', async (_title, deep) => {
    const body = `${valid.slice(0, -1)},"x":${deep}}`
    const act = () => validate(callback(body), { [maxBodySize]: 10_000_000 })
    expect(await rejectionOf(act)).toMatchObject({ rule: rules.CALLBACK_JSON.id })
  })

  it.each([`[${valid}]`, '[]', 'null', '1', 'true', '""', JSON.stringify(valid)])(
    'is an object, not %j',
    async (body) => {
      const act = () => validate(callback(body))
      const error = await refuses(rules.CALLBACK_OBJECT, act, rules.CALLBACK_AUTH_REQ_ID)
      expect(error.cause).toHaveProperty('body', JSON.parse(body))
    },
  )
})
