import fc from 'fast-check'
import { anyJson, type JsonText, member, type Members, membersOf, objectText, rarely } from './json.ts'
import { type KeyName, signWith } from './keys.ts'
import { mostly, pick } from './mostly.ts'

/** A JWT as it will be assembled: text of the parts, the key, and what is done to the result. */
export interface JwtInput {
  readonly header: JsonText
  readonly payload: JsonText
  readonly key: KeyName
  /** The algorithm that makes the signature, whatever the header says. */
  readonly alg: string
  readonly damage: Damage
}

const DAMAGES = [
  'flipped signature bit',
  'empty signature',
  'DER signature',
  'short signature',
  'signature without leading zero',
  'long signature',
  'two parts',
  'four parts',
  'five parts',
  'one part',
  'padded header',
  'padded payload',
  'padded signature',
  'standard alphabet',
  'space in the payload',
  'space at the end',
  'character outside the alphabet',
  'not UTF-8',
  'empty header',
  'empty payload',
  'only dots',
] as const

export type Damage = 'none' | (typeof DAMAGES)[number]

export function jwtWith(
  header: fc.Arbitrary<Members>,
  payload: fc.Arbitrary<Members>,
  signer: fc.Arbitrary<Signer>,
): fc.Arbitrary<JwtInput> {
  return fc
    .record({
      header: mostlyObject(header),
      payload: mostlyObject(payload),
      signer,
      damage: mostly<Damage, Damage>('none', pick(...DAMAGES), 25),
    })
    .map(({ signer: { key, alg }, ...rest }) => ({ ...rest, key, alg }))
}

export interface Signer {
  readonly key: KeyName
  readonly alg: string
}

function mostlyObject(members: fc.Arbitrary<Members>): fc.Arbitrary<JsonText> {
  const other = fc.oneof(
    anyJson,
    pick('', 'text', '{', '\ufeff{}'),
    members.map((one) => ` ${objectText(one)}\n`),
  )
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: members.map(objectText), weight: 40 },
    { arbitrary: other, weight: 1 },
  )
}

/** A JWS header for an algorithm: `crit` is refused, whatever it lists (RFC 7515 §4.1.11). */
export function headerFor(alg: string, ...more: fc.Arbitrary<Members>[]): fc.Arbitrary<Members> {
  const others = [
    '"none"',
    '"HS256"',
    '"RS256"',
    '"ES256"',
    '"PS256"',
    '"ES384"',
    '"EdDSA"',
    '"Ed25519"',
    `"${alg.toLowerCase()}"`,
  ]
  return membersOf(
    member('alg', JSON.stringify(alg), ...others),
    rarely(6, 'typ', '"JWT"', '"jwt"', '"at+jwt"', '"application/jwt"'),
    rarely(40, 'crit', '[]', '["exp"]', '["b64"]'),
    rarely(20, 'b64', 'true', 'false'),
    ...more,
  )
}

export function assemble(jwt: JwtInput): string {
  const header = encode(Buffer.from(jwt.header))
  const payload = encode(Buffer.from(jwt.payload))
  const signature = signWith(jwt.key, jwt.alg, `${header}.${payload}`)
  return damaged(jwt, [header, payload, encode(signature)])
}

function damaged(jwt: JwtInput, [header, payload, signature]: readonly [string, string, string]): string {
  const whole = `${header}.${payload}.${signature}`
  const bytes = Buffer.from(signature, 'base64url')
  const resign = (one: string, other: string): string =>
    `${one}.${other}.${encode(signWith(jwt.key, jwt.alg, `${one}.${other}`))}`
  switch (jwt.damage) {
    case 'none':
      return whole
    case 'flipped signature bit':
      bytes[0] = (bytes[0] ?? 0) ^ 1
      return `${header}.${payload}.${encode(bytes)}`
    case 'empty signature':
      return `${header}.${payload}.`
    case 'DER signature':
      return `${header}.${payload}.${encode(Buffer.concat([Buffer.of(0x30, bytes.length), bytes]))}`
    case 'short signature':
      return `${header}.${payload}.${encode(bytes.subarray(1))}`
    case 'signature without leading zero':
      return `${header}.${payload}.${encode(beginningWithZero(jwt, `${header}.${payload}`).subarray(1))}`
    case 'long signature':
      return `${header}.${payload}.${encode(Buffer.concat([bytes, Buffer.of(0)]))}`
    case 'one part':
      return header
    case 'two parts':
      return `${header}.${payload}`
    case 'four parts':
      return `${whole}.`
    case 'five parts':
      return `${whole}.e.e`
    case 'only dots':
      return '..'
    case 'padded header':
      return resign(`${header}=`, payload)
    case 'padded payload':
      return resign(header, `${payload}=`)
    case 'padded signature':
      return `${whole}==`
    case 'standard alphabet':
      return `${header}.${payload}.${bytes.toString('base64')}`
    case 'space in the payload':
      return resign(header, `${payload.slice(0, 4)} ${payload.slice(4)}`)
    case 'space at the end':
      return `${whole} `
    case 'character outside the alphabet':
      return resign(header, `${payload.slice(0, 4)}!${payload.slice(4)}`)
    case 'not UTF-8':
      return resign(header, encode(Buffer.concat([Buffer.from(jwt.payload).subarray(0, -1), Buffer.of(0xc3, 0x28)])))
    case 'empty header':
      return resign('', payload)
    case 'empty payload':
      return resign(header, '')
  }
}

/** The one of 256 whose first byte is zero, where signatures of the same text differ and are numbers; any other else. */
function beginningWithZero({ key, alg }: JwtInput, input: string): Buffer {
  let signature: Buffer
  do signature = signWith(key, alg, input)
  while (alg.startsWith('PS') && signature[0] !== 0)
  return signature
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
