import { describe, expect, it } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import * as jwt from '../jose/jwt.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { as, client, encodePart, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import { encodeBase64url } from '../values/base64url.ts'
import type { JsonValue } from '../values/json.ts'
import { encodeText } from '../values/text.ts'
import { ID_TOKEN_ALG, ID_TOKEN_SIGNED, ID_TOKEN_AUDIENCE_PRESENT } from './id-token.rules.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

/* The JWS around an ID Token: its parts and its header. */

interface Metadata {
  as?: Partial<AuthorizationServer>
  client?: Partial<Client>
}

async function processToken(id_token: string, changes: Metadata = {}) {
  const server = { ...as, ...changes.as }
  const answer = json(tokenBody({ id_token }))
  const tokens = await processBackchannelAuthenticationGrantResponse(server, { ...client, ...changes.client }, answer)
  return getValidatedIdTokenClaims(tokens)
}

function processHeader(header: JsonValue, changes?: Metadata) {
  return processToken(unsignedJwt(idTokenClaims(), header), changes)
}

/** Metadata with a list of algorithms that the type may forbid, as a hostile server can publish it. */
function published(list: JsonValue): Metadata {
  return { as: { ['id_token_signing_alg_values_supported' as string]: list } }
}

describe('ID Token, alg', () => {
  it('accepts RS256 where nobody says anything else (OIDC Core 3.1.3.7 item 7)', async () => {
    expect(await processHeader({ alg: 'RS256' })).toMatchObject({ sub: 'anna' })
  })

  it.each(['ES256', 'PS256', 'HS256', 'None', 'rs256', 'RS256 ', ''])(
    'refuses %j where nobody says anything else (OIDC Core 3.1.3.7 item 7)',
    async (alg) => {
      // an algorithm that no rule of its own forbids in an ID Token is accepted without this one
      const error = await refuses(ID_TOKEN_ALG, () => processHeader({ alg }))
      expect(error).toMatchObject({ expected: ['RS256'], actual: alg })
    },
  )

  it.each<NamedValue>([...everyTypeBut('a text', 'an empty string'), ['an array with RS256', ['RS256']]])(
    'refuses one that is no string: %s (RFC 7515 4.1.1)',
    async (_, alg) => {
      await refuses(ID_TOKEN_ALG, () => processHeader(alg === undefined ? {} : { alg }))
    },
  )

  it.each([
    ['is another than the registered one', { id_token_signed_response_alg: 'ES256' }, 'RS256'],
    ['is HS256 and not registered', { id_token_signed_response_alg: 'ES256' }, 'HS256'],
    ['is registered in another spelling', { id_token_signed_response_alg: 'ES256' }, 'es256'],
  ])('refuses one that %s (OIDC Core 3.1.3.7 item 7)', async (_, registered, alg) => {
    await refuses(ID_TOKEN_ALG, () => processHeader({ alg }, { client: registered }))
  })

  it('takes the registered one alone, whatever the server publishes (OIDC Core 3.1.3.7 item 7)', async () => {
    const changes = { client: { id_token_signed_response_alg: 'ES256' }, ...published(['RS256', 'PS256']) }
    expect(await processHeader({ alg: 'ES256' }, changes)).toMatchObject({ sub: 'anna' })
    await refuses(ID_TOKEN_ALG, () => processHeader({ alg: 'RS256' }, changes))
  })

  it('takes those that the server publishes where none is registered', async () => {
    const changes = published(['ES256', 'PS256'])
    expect(await processHeader({ alg: 'ES256' }, changes)).toMatchObject({ sub: 'anna' })
    expect(await processHeader({ alg: 'PS256' }, changes)).toMatchObject({ sub: 'anna' })
    const error = await refuses(ID_TOKEN_ALG, () => processHeader({ alg: 'RS256' }, changes))
    expect(error).toMatchObject({ expected: ['ES256', 'PS256'], actual: 'RS256' })
  })

  it('takes none at all where the server publishes an empty list', async () => {
    await refuses(ID_TOKEN_ALG, () => processHeader({ alg: 'RS256' }, published([])))
  })

  it.each(['RS256 PS256', 'xRS256x', 'ES256', null, 5, { 0: 'ES256', length: 1 }])(
    'takes RS256 alone where what the server publishes is no array but %j',
    async (list) => {
      expect(await processHeader({ alg: 'RS256' }, published(list))).toMatchObject({ sub: 'anna' })
      await refuses(ID_TOKEN_ALG, () => processHeader({ alg: 'ES256' }, published(list)))
    },
  )

  it.each(['missing', 'a number', 'an array'])(
    'refuses a header without a usable alg where the server publishes %j as an algorithm',
    async (name) => {
      const [, alg] = everyTypeBut().find(([other]) => other === name) ?? []
      await refuses(ID_TOKEN_ALG, () => processHeader(alg === undefined ? {} : { alg }, published([name])))
    },
  )
})

describe('ID Token, alg none', () => {
  it('is refused where only the list of the server has it (OIDC Core 2)', async () => {
    await refuses(ID_TOKEN_SIGNED, () => processHeader({ alg: 'none' }, published(['none', 'RS256'])))
    await refuses(ID_TOKEN_SIGNED, () => processHeader({ alg: 'none' }, published(['none'])))
  })

  it.each<[string, Metadata]>([
    ['nobody says anything else', {}],
    ['the client registered an algorithm', { client: { id_token_signed_response_alg: 'ES256' } }],
    [
      'the client registered an algorithm, and the server publishes none',
      {
        client: { id_token_signed_response_alg: 'ES256' },
        ...published(['none']),
      },
    ],
  ])('is refused where %s (OIDC Core 3.1.3.7 item 7)', async (_, changes) => {
    await refuses(ID_TOKEN_ALG, () => processHeader({ alg: 'none' }, changes), ID_TOKEN_SIGNED)
  })

  it('is accepted where the client registered it (OIDC Core 2)', async () => {
    const changes = { client: { id_token_signed_response_alg: 'none' } }
    expect(await processHeader({ alg: 'none' }, changes)).toMatchObject({ sub: 'anna' })
  })

  it('does not let a signed token through where the client registered it (OIDC Core 3.1.3.7 item 7)', async () => {
    const changes = { client: { id_token_signed_response_alg: 'none' } }
    await refuses(ID_TOKEN_ALG, () => processHeader({ alg: 'RS256' }, changes))
  })
})

describe('ID Token, header', () => {
  it.each<NamedValue>([...everyTypeBut('missing'), ['the registered extension b64', ['b64']]])(
    'refuses crit, here: %s (RFC 7515 4.1.11)',
    async (_, crit) => {
      await refuses(jwt.JWT_CRITICAL, () => processHeader({ alg: 'RS256', crit: crit ?? null }))
    },
  )

  it('leaves the other members alone (RFC 7515 4)', async () => {
    const header = { alg: 'RS256', typ: 'x', kid: 5, b64: false, zip: 'DEF', cty: 'JWT', jku: 'https://evil.example' }
    expect(await processHeader(header)).toMatchObject({ sub: 'anna' })
  })

  it.each([null, 5, 'text', true, ['RS256']])(
    'refuses %j in place of an object (RFC 7515 5.2 item 3)',
    async (header) => {
      // without its rule, what has no alg is refused for that
      await refuses(jwt.JWT_HEADER_OBJECT, () => processHeader(header), ID_TOKEN_ALG)
    },
  )
})

describe('ID Token, parts', () => {
  const valid = () => unsignedJwt(idTokenClaims())

  it.each([
    ['1 part', () => encodePart({ alg: 'RS256' })],
    ['2 parts', () => valid().split('.').slice(0, 2).join('.')],
    ['4 parts', () => `${valid()}.`],
    ['6 parts', () => `${valid()}...`],
    ['7 parts', () => `${valid()}....`],
  ])('refuses %s (RFC 7515 7.1)', async (_, token) => {
    // one part is a header without claims
    await refuses(jwt.JWT_PARTS, () => processToken(token()), jwt.JWT_CLAIMS)
  })

  it('does not read the signature, which TLS stands in for (OIDC Core 3.1.3.7 item 6)', async () => {
    expect(await processToken(`${valid()}!=`)).toMatchObject({ sub: 'anna' })
  })

  const UNREADABLE: [string, (part: string) => string][] = [
    ['empty', () => ''],
    ['padded', (part) => part.padEnd(part.length + 4, '=')],
    ['with a blank inside', (part) => `${part.slice(0, 4)} ${part.slice(4)}`],
    ['with a line break behind', (part) => `${part}\n`],
    ['in the alphabet of base64', () => encodeText64('{"alg":"RS256","x":"???>>>"}').replace('-', '+')],
    ['one character too long', (part) => part.padEnd(Math.ceil(part.length / 4) * 4 + 1, 'A')],
    ['with stray bits in its last character', () => encodeText64('{"alg":"RS256"} ').replace(/A$/, 'B')],
    ['with a letter beyond ASCII', (part) => `${part.slice(0, -1)}é`],
    ['with a surrogate alone', (part) => `${part.slice(0, -1)}\ud800`],
    ['no JSON', () => encodeText64('{"alg":"RS256"')],
    ['JSON and more', () => encodeText64('{"alg":"RS256"}{}')],
  ]

  it.each(UNREADABLE)('refuses a header that is %s (RFC 7515 5.2 items 2 and 3)', async (_, spell) => {
    const [head = '', body = ''] = valid().split('.')
    const act = () => processToken(`${spell(head)}.${body}.`)
    // what cannot be read is no object either
    await refuses(jwt.JWT_HEADER, act, jwt.JWT_HEADER_OBJECT)
  })

  it.each(UNREADABLE)('refuses claims that are %s (RFC 7515 5.2 item 6)', async (_, spell) => {
    const [head = '', body = ''] = valid().split('.')
    await refuses(jwt.JWT_CLAIMS, () => processToken(`${head}.${spell(body)}.`), jwt.JWT_CLAIMS_OBJECT)
  })

  it.each([null, 5, 'text', true, [idTokenClaims()]])(
    'refuses claims that are %j in place of an object (RFC 7519 7.2 item 10)',
    async (value) => {
      const token = `${encodePart({ alg: 'RS256' })}.${encodePart(value)}.`
      // what is no object has no claims
      await refuses(jwt.JWT_CLAIMS_OBJECT, () => processToken(token), ID_TOKEN_AUDIENCE_PRESENT)
    },
  )
})

function encodeText64(text: string): string {
  return encodeBase64url(encodeText(text))
}
