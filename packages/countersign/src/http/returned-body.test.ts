import { Response as UndiciResponse } from 'undici'
import { describe, expect, it } from 'vitest'
import { encodeText } from '../values/text.ts'
import { returnBody } from './returned-body.ts'

const TEXT = '{"name":"Zoë"}'

async function returned(type = 'application/json'): Promise<Response> {
  const response = new Response(TEXT, { status: 418, statusText: 'Teapot', headers: { 'content-type': type, a: 'b' } })
  returnBody(response, encodeText(await response.text()))
  return response
}

describe('an answer that was given its body back', () => {
  it('is unread until it is read, and then read (Fetch Standard 5.3)', async () => {
    const response = await returned()
    expect([response.bodyUsed, response.body?.locked]).toEqual([false, false])
    expect(await response.text()).toBe(TEXT)
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toBeInstanceOf(TypeError)
  })

  it('is read in every way', async () => {
    expect(await (await returned()).json()).toEqual({ name: 'Zoë' })
    expect(new Uint8Array(await (await returned()).arrayBuffer())).toEqual(encodeText(TEXT))
    expect((await (await returned('text/plain')).blob()).type).toBe('text/plain')
    expect(await new Response((await returned()).body).text()).toBe(TEXT)
    const form = new Response('a=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    returnBody(form, encodeText(await form.text()))
    expect((await form.formData()).get('a')).toBe('1')
  })

  it('has those ways that the runtime has, and no others', async () => {
    expect('bytes' in (await returned())).toBe('bytes' in Response.prototype)
  })

  it('is cloned with its status and headers, and both are read', async () => {
    const response = await returned()
    const clone = response.clone()
    expect([clone.status, clone.statusText, clone.headers.get('a')]).toEqual([418, 'Teapot', 'b'])
    expect(await Promise.all([response.text(), clone.text()])).toEqual([TEXT, TEXT])
  })

  it('keeps what else it had, and is still one to the library', async () => {
    const response = await returned()
    expect(response).toMatchObject({ status: 418, statusText: 'Teapot', ok: false })
    expect(Object.prototype.toString.call(response)).toBe('[object Response]')
  })

  it('may be read by the library, and given back, once more', async () => {
    const response = await returned()
    returnBody(response, encodeText(await response.text()))
    expect(response.bodyUsed).toBe(false)
    expect(await response.text()).toBe(TEXT)
  })

  it('has its own bytes: those that were given may be changed afterwards', async () => {
    const response = new Response(TEXT)
    const bytes = encodeText(await response.text())
    returnBody(response, bytes)
    bytes.fill(0)
    expect(await response.text()).toBe(TEXT)
  })

  it('may be one of another implementation of fetch', async () => {
    const response = new UndiciResponse(TEXT) as unknown as Response
    returnBody(response, encodeText(await response.text()))
    expect([response.bodyUsed, await response.text()]).toEqual([false, TEXT])
  })
})
