import { describe, expect, it } from 'vitest'
import { getContentType, mediaTypeOf } from './content-type.ts'

describe('the media type of a message (RFC 9110 8.3.1)', () => {
  it.each([
    ['application/json', 'application/json'],
    ['application/json;charset=UTF-8', 'application/json'],
    ['application/json ; charset="a;b"', 'application/json'],
    ['APPLICATION/Json', 'application/json'],
    [' \tapplication/jwt\t ', 'application/jwt'],
    [';charset=utf-8', ''],
    ['', ''],
    ['application/json, text/html', 'application/json, text/html'],
    ['application/json-seq', 'application/json-seq'],
  ])('of %j is %j', (contentType, mediaType) => {
    expect(mediaTypeOf(new Response(null, { headers: { 'content-type': contentType } }))).toBe(mediaType)
  })

  it('of a message without Content-Type is none (RFC 9110 8.3)', () => {
    expect(mediaTypeOf(new Response(null))).toBe('none')
  })

  it('of a request is read in the same way', () => {
    const headers = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' }
    expect(mediaTypeOf(new Request('https://rp.example.com', { headers }))).toBe('application/x-www-form-urlencoded')
  })
})

describe('the content type as it was sent', () => {
  it.each([
    ['application/json', 'application/json'],
    ['Application/JSON ;charset=UTF-8;x=y', 'Application/JSON '],
  ])('of %j is %j', (contentType, sent) => {
    expect(getContentType(new Response(null, { headers: { 'content-type': contentType } }))).toBe(sent)
  })

  it('of a message without Content-Type is undefined (RFC 9110 8.3)', () => {
    expect(getContentType(new Response(null))).toBeUndefined()
  })
})
