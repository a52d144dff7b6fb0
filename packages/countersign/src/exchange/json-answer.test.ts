import { describe, expect, it } from 'vitest'
import { ACKNOWLEDGEMENT_STATUS as STATUS } from '../endpoints/backchannel-authentication.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { BODY_CONTENT_TYPE, BODY_JSON, BODY_OBJECT } from '../http/body.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { readJsonAnswer } from './json-answer.ts'

function read(response: Response, party: Client = client) {
  return readJsonAnswer(as, party, response, 200, STATUS)
}

describe('the answer of an endpoint', () => {
  it('is a JSON object with the status of success', async () => {
    const response = json({ a: [1] })
    const { body, context, aboutBody } = await read(response)
    expect(body).toEqual({ a: [1] })
    expect(context).toEqual({ trace: undefined, response })
    expect(aboutBody.document).toEqual({ kind: 'body', value: body })
    expect(aboutBody.response).toBe(response)
  })

  it('is refused with another status', async () => {
    await refuses(STATUS, () => read(json({}, 201)))
  })

  it('is the error of the server where it is one (RFC 6749 5.2)', async () => {
    const error = await rejectionOf(() => read(json({ error: 'access_denied' }, 403)))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'access_denied' })
  })

  it('is refused where it is no JSON object (RFC 6749 5.1)', async () => {
    await refuses(BODY_OBJECT, () => read(json(['a'])))
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    await refuses(BODY_CONTENT_TYPE, () => read(html()), BODY_JSON)
  })

  it.each<[string, unknown, unknown, unknown, 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE']>([
    ['no server', undefined, client, json({}), 'ERR_INVALID_ARG_TYPE'],
    ['a server without a name', { issuer: '' }, client, json({}), 'ERR_INVALID_ARG_VALUE'],
    ['no client', as, null, json({}), 'ERR_INVALID_ARG_TYPE'],
    ['a client without a name', as, { client_id: '' }, json({}), 'ERR_INVALID_ARG_VALUE'],
    ['no answer', as, client, Promise.resolve(json({})), 'ERR_INVALID_ARG_TYPE'],
  ])('is not read with %s', async (_title, server, party, response, code) => {
    // what callers without types do
    const parties = [server as AuthorizationServer, party as Client, response as Response] as const
    await isCallersMistake(code, () => readJsonAnswer(...parties, 200, STATUS))
  })

  it('shows the checks of it to the trace of the client', async () => {
    const events: CheckEvent[] = []
    const party: Client = { ...client, [trace]: (event) => events.push(event) }
    await rejectionOf(() => read(json({ error: 'a' }, 400), party))
    expect(events.map(({ rule, passed }) => [rule, passed])).toContainEqual([ERROR_CONTENT_TYPE.id, true])
    await read(json({}), party)
    expect(events.map(({ rule, passed }) => [rule, passed])).toContainEqual([BODY_OBJECT.id, true])
  })
})
