import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { BODY_READ, BODY_SIZE } from '../http/body.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { bodyOf } from '../testing/streams.ts'
import { formPostResponse } from './form-post.ts'

const FORM = 'application/x-www-form-urlencoded'

function post(changes: RequestInit = {}, type = FORM): Request {
  const headers = { 'content-type': type }
  return new Request('https://shop.example.com/cb?x=y', { method: 'POST', headers, body: 'code=c&state=s', ...changes })
}

function streamed(stream: ReadableStream<Uint8Array>): Request {
  // the declared type does not know duplex, without which no stream is sent
  const init: object = { body: stream, duplex: 'half' }
  return post(init)
}

describe('a form_post request', () => {
  it('gives its body as it is (Form Post Response Mode 2)', async () => {
    expect(await formPostResponse(post())).toBe('code=c&state=s')
  })

  it.each([`${FORM}; charset=UTF-8`, 'Application/X-WWW-Form-URLencoded', `${FORM} ;x=y`])(
    'may have the content type %s (RFC 9110 8.3.1)',
    async (type) => {
      expect(await formPostResponse(post({}, type))).toBe('code=c&state=s')
    },
  )

  it('may have an empty body', async () => {
    expect(await formPostResponse(post({ body: '' }))).toBe('')
    const without = new Request('https://shop.example.com/cb', { method: 'POST', headers: { 'content-type': FORM } })
    expect(await formPostResponse(without)).toBe('')
  })

  it('is decoded as UTF-8', async () => {
    expect(await formPostResponse(post({ body: 'state=ü€𝄞' }))).toBe('state=ü€𝄞')
  })

  it.each(['PUT', 'PATCH', 'DELETE'])('is not sent by %s', async (method) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => formPostResponse(post({ method })))
  })

  it('is not sent by GET', async () => {
    const get = new Request('https://shop.example.com/cb?code=c', { headers: { 'content-type': FORM } })
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => formPostResponse(get))
  })

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x-www-form-urlencoded', `${FORM}x`])(
    'is not of the content type %s',
    async (type) => {
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => formPostResponse(post({}, type)))
    },
  )

  it('is not without a content type', async () => {
    const request = post()
    request.headers.delete('content-type')
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => formPostResponse(request))
  })

  it('has a body that was not read before', async () => {
    const request = post()
    await request.text()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => formPostResponse(request))
  })

  it('is bounded in size', async () => {
    const size = 1_048_576
    expect(await formPostResponse(post({ body: 'x'.repeat(size) }))).toHaveLength(size)
    await refuses(BODY_SIZE, () => formPostResponse(post({ body: 'x'.repeat(size + 1) })))
  })

  it('arrives whole (RFC 9110 6.1)', async () => {
    await refuses(BODY_READ, () => formPostResponse(streamed(bodyOf('code=c', new Error('reset')))))
  })

  it('stays within reach of the error, and out of logs', async () => {
    const headers = { 'content-type': 'text/plain', cookie: 'session=hunter2' }
    const request = new Request('https://shop.example.com/cb?code=hunter2', {
      method: 'POST',
      headers,
      body: 'hunter2',
    })
    const error = await rejectionOf(() => formPostResponse(request))
    // a request has no keys of its own: toMatchObject() would find any other alike
    expect(Object(error).cause.cause).toBe(request)
    expect(`${inspect(error, { depth: 10 })}${JSON.stringify(error)}`).not.toContain('hunter2')
  })
})
