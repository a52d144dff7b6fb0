import fc from 'fast-check'
import { Response as UndiciResponse } from 'undici'
import { describe, expect, it } from 'vitest'
import { json } from '../testing/answers.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { bodyOf, endlessBody } from '../testing/streams.ts'
import {
  assertResponse,
  BODY_CONTENT_TYPE,
  BODY_JSON,
  BODY_OBJECT,
  BODY_READ,
  BODY_SIZE,
  readJsonObject,
  readText,
} from './body.ts'

const MEBIBYTE = 1_048_576

const headers = { 'content-type': 'application/json' }

function text(response: Response): Promise<string> {
  return readText({ trace: undefined, response }, response)
}

function object(response: Response, mediaTypes?: string[]): Promise<unknown> {
  return readJsonObject({ trace: undefined, response }, response, mediaTypes)
}

/** A JSON object that is written in a number of bytes. */
function objectOfSize(bytes: number): string {
  return `{"a":"${'b'.repeat(bytes - '{"a":""}'.length)}"}`
}

describe('an answer', () => {
  it('may be one of another implementation of fetch', async () => {
    const response: unknown = new UndiciResponse('{"a":"€"}', { headers })
    assertResponse(response)
    expect(response).not.toBeInstanceOf(Response)
    expect(await object(response)).toEqual({ a: '€' })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '{}'],
    ['an object that looks like one', { status: 200, headers: new Headers(), body: null, bodyUsed: false }],
    ['a request', new Request('https://op.example.com')],
    ['a promise of one', Promise.resolve(new Response())],
    ['an object of a class of that name', new (class Response {})()],
  ])('is not %s', async (_title, value) => {
    const error = await rejectionOf(() => {
      assertResponse(value)
    })
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  })
})

describe('the text of a body', () => {
  it('is whole however it was cut into parts, inside characters too (RFC 3629)', async () => {
    const whole = '{"name":"Žofie €😀\u0000"}'
    const bytes = new TextEncoder().encode(whole)
    expect(await text(new Response(bodyOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))))).toBe(whole)

    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 40 }).filter((any) => !any.startsWith('\uFEFF')),
        fc.array(fc.nat(160), { maxLength: 8 }),
        async (any, cuts) => {
          const encoded = new TextEncoder().encode(any)
          const ends = [...cuts.filter((cut) => cut < encoded.length).sort((a, b) => a - b), encoded.length]
          const parts = ends.map((end, index) => encoded.slice(ends[index - 1] ?? 0, end))
          expect(await text(new Response(bodyOf(...parts)))).toBe(any)
        },
      ),
    )
  })

  it('loses a byte order mark at its start, split or not, and none elsewhere (RFC 8259 8.1)', async () => {
    expect(await text(new Response('\uFEFF{"a":"\uFEFF"}'))).toBe('{"a":"\uFEFF"}')
    const split = bodyOf(Uint8Array.of(0xef), Uint8Array.of(0xbb), Uint8Array.of(0xbf), '{}')
    expect(await text(new Response(split))).toBe('{}')
  })

  it.each([
    ['a byte that stands in no character', [0xff], '\uFFFD'],
    ['a character that is cut off', [0xe2, 0x82], '\uFFFD'],
    ['an overlong slash', [0xc0, 0xaf], '\uFFFD\uFFFD'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\uFFFD\uFFFD\uFFFD'],
  ])('has a replacement character for %s, as fetch itself has (WHATWG Encoding 6)', async (_title, bytes, replaced) => {
    expect(await text(new Response(Uint8Array.from([0x61, ...bytes])))).toBe(`a${replaced}`)
  })

  it('is empty where there is no body', async () => {
    expect(await text(new Response(null))).toBe('')
    expect(await text(new Response(null, { status: 204 }))).toBe('')
    expect(await text(new Response(''))).toBe('')
  })

  it.each<(response: Response) => Promise<unknown>>([object, text])('is not read twice, by %o', async (read) => {
    const response = json({})
    await read(response)
    const error = await rejectionOf(() => read(response))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' })
  })

  it('is refused where the body breaks off, with the failure as cause (RFC 9110 6.1)', async () => {
    const failure = new Error('connection reset')
    const error = await refuses(BODY_READ, () => object(new Response(bodyOf('{"a":', '1}', failure), { headers })))
    expect(error.cause).toBe(failure)
    expect(error).toMatchObject({ code: 'OAUTH_PARSE_ERROR', status: 200, contentType: 'application/json' })
  })

  it('is refused where the first read fails (RFC 9110 6.1)', async () => {
    const failure = new DOMException('aborted', 'AbortError')
    const error = await refuses(BODY_READ, () => text(new Response(bodyOf(failure))))
    expect(error.cause).toBe(failure)
  })

  it('is refused where somebody else reads it already', async () => {
    const error = await refuses(BODY_READ, () => {
      const response = json({})
      response.body?.getReader()
      return text(response)
    })
    expect(error.cause).toBeInstanceOf(TypeError)
  })

  it('is refused where its parts are no bytes', async () => {
    const parts = () => new ReadableStream<unknown>({ pull: (controller) => controller.enqueue('{}') })
    // the type of Response knows only bytes
    const response = () => new Response(parts() as ReadableStream<Uint8Array<ArrayBuffer>>)
    const error = await refuses(BODY_READ, () => text(response()), BODY_SIZE)
    expect(error.cause).toBeInstanceOf(TypeError)
  })
})

describe('the size of a body', () => {
  it.each([
    ['in one part', (whole: string) => new Response(whole, { headers })],
    ['in many parts', (whole: string) => new Response(bodyOf(...(whole.match(/.{1,10000}/gs) ?? [])), { headers })],
  ])('is 1 MiB at most, %s', async (_title, answer) => {
    expect(await object(answer(objectOfSize(MEBIBYTE)))).toEqual({ a: 'b'.repeat(MEBIBYTE - 8) })
    await refuses(BODY_SIZE, () => object(answer(objectOfSize(MEBIBYTE + 1))))
  })

  it('is counted in bytes', async () => {
    await refuses(BODY_SIZE, () => text(new Response('€'.repeat(Math.ceil(MEBIBYTE / 3)))))
    expect(await text(new Response('€'.repeat(Math.floor(MEBIBYTE / 3))))).toHaveLength(349_525)
  })

  it('bounds what is taken from a body that does not end, and tells its sender to stop', async () => {
    const { stream, taken, cancelled } = endlessBody()
    const error = await rejectionOf(() => object(new Response(stream, { headers })))
    expect(error).toMatchObject({ code: 'OAUTH_INVALID_RESPONSE', rule: BODY_SIZE.id })
    expect(cancelled()).toBe(true)
    expect(taken()).toBeLessThan(MEBIBYTE + 4 * 65_536)
  })

  it('is refused as such where the sender fails when told to stop', async () => {
    let sent = 0
    const answer = () => {
      sent = 0
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += 65_536
          controller.enqueue(new Uint8Array(65_536))
        },
        cancel() {
          throw new Error('already gone')
        },
      })
      return new Response(stream)
    }
    await refuses(BODY_SIZE, () => text(answer()))
    expect(sent).toBeGreaterThan(MEBIBYTE)
  })

  it('is refused as such where nothing follows what is too much', async () => {
    const answer = () => {
      let first = true
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (!first) return new Promise(() => undefined)
          first = false
          controller.enqueue(new Uint8Array(MEBIBYTE + 1))
          return undefined
        },
      })
      return new Response(stream)
    }
    await refuses(BODY_SIZE, () => text(answer()))
  })
})

describe('a JSON object', () => {
  it.each(['application/json', 'APPLICATION/JSON', 'application/json;charset=utf-8', 'text/html', 'none'])(
    'is read from a body of type %s',
    async (contentType) => {
      expect(await object(new Response('{"a":[1,null]}', { headers: { 'content-type': contentType } }))).toEqual({
        a: [1, null],
      })
    },
  )

  it('is read from a body without a type', async () => {
    expect(await object(new Response(new TextEncoder().encode('{}')))).toEqual({})
  })

  it.each(['<html></html>', '', '{"a":1', "{'a':1}", '{}{}', 'undefined', '{"a":1,}'])(
    'is not %j, announced as another type (RFC 6749 5.1)',
    async (body) => {
      const response = () => new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8' } })
      const error = await refuses(BODY_CONTENT_TYPE, () => object(response()), BODY_JSON)
      expect(error).toMatchObject({ expected: ['application/json'], actual: 'text/html' })
      expect(error.cause).toBeInstanceOf(Response)
    },
  )

  it('is not other text without a type (RFC 6749 5.1)', async () => {
    const response = () => new Response(new TextEncoder().encode('<html>'))
    expect(await refuses(BODY_CONTENT_TYPE, () => object(response()), BODY_JSON)).toMatchObject({ actual: 'none' })
  })

  it.each(['<html></html>', '', '{"a":1', '{}{}'])('is not %j, announced as JSON (RFC 8259 2)', async (body) => {
    const contentType = 'Application/JSON; charset=utf-8'
    const response = () => new Response(body, { headers: { 'content-type': contentType } })
    await refuses(BODY_JSON, () => object(response()), BODY_OBJECT)
  })

  it('may be announced by another type of the caller, and by no further one', async () => {
    const response = (contentType: string) => new Response('no JSON', { headers: { 'content-type': contentType } })
    const types = ['application/json', 'application/jwk-set+json']
    await refuses(BODY_JSON, () => object(response('application/jwk-set+json'), types), BODY_OBJECT)
    await refuses(BODY_JSON, () => object(response('application/json'), types), BODY_OBJECT)
    await refuses(BODY_CONTENT_TYPE, () => object(response('application/jwk+json'), types), BODY_JSON)
  })

  it.each([
    ['[{"a":1}]', 'an array'],
    ['[]', 'an array'],
    ['null', 'null'],
    ['"text"', 'a string'],
    ['""', 'an empty string'],
    ['1', 'a number'],
    ['true', 'a boolean'],
  ])('is not %s (RFC 6749 5.1)', async (body, actual) => {
    const error = await refuses(BODY_OBJECT, () => object(new Response(body, { headers })))
    expect(error).toMatchObject({ expected: 'an object', actual })
    expect(error.cause).toMatchObject({ body: JSON.parse(body) })
  })

  it('has the members of its text, one named __proto__ too (RFC 8259 4)', async () => {
    const parsed = await object(new Response('{"__proto__":{"a":1}}', { headers }))
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
    expect(Object.keys(parsed ?? {})).toEqual(['__proto__'])
  })
})
