import { describe, expect, it } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import * as http from '../http/body.ts'
import { JWT_PARTS } from '../jose/jwt.ts'
import { as, client, tokenBody } from '../testing/answers.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import * as rules from './token-response.rules.ts'

function process(changes: Record<string, JsonValue | undefined>, status?: number, headers?: Record<string, string>) {
  return processText(JSON.stringify(tokenBody(changes)), status, headers)
}

function processText(text: string, status = 200, headers: Record<string, string> = {}) {
  const answer = new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
  return processBackchannelAuthenticationGrantResponse(as, client, answer)
}

describe('token response', () => {
  it('gives every member of a valid one, unknown ones too (RFC 6749 5.1)', async () => {
    const body = tokenBody({
      expires_in: 300,
      refresh_token: 'refresh',
      scope: 'openid email',
      authorization_details: [{ type: 'payment' }],
      extra: { nested: [null] },
    })
    expect(await processText(JSON.stringify(body))).toEqual({ ...body, token_type: 'bearer' })
  })

  it('is a success whatever its member error says, when its status is 200 (RFC 6749 5.1)', async () => {
    expect(await process({ error: 'access_denied' })).toMatchObject({ access_token: 'access' })
  })

  it.each(everyTypeBut('missing'))('leaves authorization_details to the caller, here: %s', async (_, details) => {
    const tokens = await process({ authorization_details: details })
    expect(tokens.authorization_details).toEqual(details)
  })

  it('takes the last of several members of the same name (RFC 8259 4)', async () => {
    const text = '{"access_token":5,"token_type":"mac","access_token":"last","token_type":"bearer"}'
    expect(await processText(text)).toEqual({ access_token: 'last', token_type: 'bearer' })
  })

  it('takes nothing from a member __proto__', async () => {
    const text = '{"token_type":"bearer","__proto__":{"access_token":"inherited"}}'
    await refuses(rules.ACCESS_TOKEN, () => processText(text))
  })
})

describe('token response, access_token', () => {
  it.each(everyTypeBut('a text'))('is refused when it is no text: %s (RFC 6749 5.1)', async (_, access_token) => {
    await refuses(rules.ACCESS_TOKEN, () => process({ access_token }))
  })
})

describe('token response, refresh_token', () => {
  it.each(everyTypeBut('missing', 'a text'))(
    'is refused when it is no text: %s (RFC 6749 5.1)',
    async (_, refresh_token) => {
      await refuses(rules.REFRESH_TOKEN, () => process({ refresh_token }))
    },
  )
})

describe('token response, scope', () => {
  it.each(everyTypeBut('missing', 'a text', 'an empty string'))(
    'is refused when it is no string: %s (RFC 6749 5.1)',
    async (_, scope) => {
      await refuses(rules.SCOPE, () => process({ scope }))
    },
  )

  it('may be empty', async () => {
    expect(await process({ scope: '' })).toMatchObject({ scope: '' })
  })
})

describe('token response, id_token', () => {
  it.each(everyTypeBut('missing', 'a text'))(
    'is refused when it is no text: %s (OIDC Core 3.1.3.3)',
    async (_, id_token) => {
      // an empty string is no JWT either
      await refuses(rules.ID_TOKEN, () => process({ id_token }), JWT_PARTS)
    },
  )

  it('may be absent; that it is there is for the caller to see (CIBA Core 10.1.1)', async () => {
    expect(await process({ id_token: undefined })).toEqual({ access_token: 'access', token_type: 'bearer' })
  })
})

describe('token response, expires_in', () => {
  it.each<NamedValue>([
    ...everyTypeBut('missing', 'zero', 'a number'),
    ['negative', -1],
    ['a negative fraction', -0.5],
    ['digits of a negative number', '-1'],
    ['the word NaN', 'NaN'],
    ['the word Infinity', 'Infinity'],
    ['digits of another script', '١٢'],
    ['digits of more than a number holds', '1e400'],
  ])('is refused when it is %s (RFC 6749 5.1)', async (_, expires_in) => {
    await refuses(rules.EXPIRES_IN, () => process({ expires_in }))
  })

  it('is refused when it is 1e400, more than a number holds (RFC 6749 5.1)', async () => {
    const text = JSON.stringify(tokenBody({ expires_in: '#' })).replace('"#"', '1e400')
    await refuses(rules.EXPIRES_IN, () => processText(text))
  })

  it.each([0, 1.5, 300, Number.MAX_SAFE_INTEGER])('is kept when it is the number %s', async (expires_in) => {
    expect(await process({ expires_in })).toMatchObject({ expires_in })
  })

  it.each([
    ['300', 300],
    [' 7 ', 7],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['0', 0],
    ['12 minutes', 12],
  ])('becomes a number when it is the string %j', async (expires_in, seconds) => {
    expect(await process({ expires_in })).toMatchObject({ expires_in: seconds })
  })

  it('is in the evidence of its refusal only by its kind', async () => {
    const error = await rejectionOf(() => process({ expires_in: 'secret' }))
    expect(error).toMatchObject({ actual: 'a string', cause: { attribute: 'expires_in' } })
  })
})

describe('token response, status', () => {
  it.each([201, 202, 203, 206, 299, 302, 307, 400, 401, 404, 500, 503])('refuses %s (RFC 6749 5.1)', async (status) => {
    // the body is one of success: without the rule it would be taken for it
    const error = await refuses(rules.TOKEN_RESPONSE_STATUS, () => process({}, status))
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it.each([302, 500, 503])(
    'does not take the OAuth error of a body for one when it is %s (RFC 6749 5.2)',
    async (status) => {
      const act = () => processText('{"error":"server_error"}', status)
      await refuses(rules.TOKEN_RESPONSE_STATUS, act, rules.ACCESS_TOKEN)
    },
  )

  it('refuses an answer without a body', async () => {
    const act = () => processBackchannelAuthenticationGrantResponse(as, client, new Response(null, { status: 204 }))
    await refuses(rules.TOKEN_RESPONSE_STATUS, act, http.BODY_CONTENT_TYPE)
  })
})

describe('token response, body', () => {
  it.each(['text/html', 'text/plain; charset=utf-8', 'application/jwt', 'application/jsonp', 'json', ''])(
    'refuses what is no JSON as %j (RFC 6749 5.1)',
    async (type) => {
      const act = () => processText('<html>', 200, { 'content-type': type })
      await refuses(http.BODY_CONTENT_TYPE, act, http.BODY_JSON)
    },
  )

  it.each(['text/html', 'application/jwt', ''])('accepts JSON that comes as %j, as servers send it', async (type) => {
    expect(await process({}, 200, { 'content-type': type })).toMatchObject({ access_token: 'access' })
  })

  it.each(['', '{', '{}}', "{'access_token':'access'}", '{"access_token":"access",}', 'undefined', '\ufeff\ufeff{}'])(
    'refuses the text %j (RFC 8259 2)',
    async (text) => {
      await refuses(http.BODY_JSON, () => processText(text), http.BODY_OBJECT)
    },
  )

  it.each(['null', '5', '"access"', 'true', '[]', '[{"access_token":"access","token_type":"bearer"}]'])(
    'refuses %s in place of an object (RFC 6749 5.1)',
    async (text) => {
      // what is no object has no members
      await refuses(http.BODY_OBJECT, () => processText(text), rules.ACCESS_TOKEN)
    },
  )

  it('refuses one of more than 1 MiB, before it is parsed', async () => {
    const text = JSON.stringify(tokenBody()) + ' '.repeat(1_048_576)
    // what was not read is no JSON either
    await refuses(http.BODY_SIZE, () => processText(text), http.BODY_JSON)
  })
})
