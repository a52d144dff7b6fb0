import fc from 'fast-check'
import type { Library } from '../harness/library.ts'
import type { Scene } from '../harness/scene.ts'
import { garbageButUndefined, present } from './garbage.ts'
import { member, type Members, membersOf, optional } from './json.ts'
import { mostly, pick } from './mostly.ts'

/** RFC 6749 §5.1: every member of a successful answer but the ID Token. */
export const tokenMembers: fc.Arbitrary<Members> = membersOf(
  member('access_token', '"token"', '" "', '"ü"'),
  member(
    'token_type',
    '"Bearer"',
    '"bearer"',
    '"BEARER"',
    '"DPoP"',
    '"dpop"',
    '"N_A"',
    '"mac"',
    '"MAC"',
    '"Bearer "',
    '"toString"',
    '"__proto__"',
  ),
  optional('expires_in', '60', '"60"', '0', '-1', '0.5', '1e999', '"0"', '"x"', '" 5 "', '"0x10"'),
  optional('refresh_token', '"refresh"', '" "'),
  optional('scope', '"openid"', '"openid profile"', '" "'),
  optional('authorization_details', '[]', '[{"type":"a"}]', '[{}]', '[1]', '{"type":"a"}'),
)

/** The options of processing: what to do with other token types and with encrypted tokens. */
export interface ProcessingInput {
  readonly whole: 'object' | { readonly garbage: unknown }
  readonly types: TypesInput
  readonly decrypt: DecryptInput
}

type TypesInput =
  'absent' | 'mac' | 'mac, throwing' | 'MAC' | 'bearer' | 'empty' | 'of null prototype' | { readonly garbage: unknown }
type DecryptInput =
  | 'absent'
  | 'to the token'
  | 'to text'
  | 'to itself'
  | 'rejecting'
  | 'throwing'
  | 'at once'
  | { readonly garbage: unknown }

const anything = garbageButUndefined.map((garbage) => ({ garbage }))

const otherTypes = fc.oneof(pick('mac', 'mac, throwing', 'MAC', 'bearer', 'empty', 'of null prototype'), anything)

export function processing(decryption: fc.Arbitrary<DecryptInput>): fc.Arbitrary<ProcessingInput> {
  return fc.record({
    whole: mostly<ProcessingInput['whole'], ProcessingInput['whole']>('object', anything, 60),
    types: mostly<TypesInput, TypesInput>('absent', otherTypes, 6),
    decrypt: decryption,
  })
}

const otherDecryptions = pick('to text', 'to itself', 'rejecting', 'throwing', 'at once')

export const withoutDecryption = mostly<DecryptInput, DecryptInput>(
  'absent',
  fc.oneof(pick('to the token'), anything),
  20,
)
export const withDecryption = mostly<DecryptInput, DecryptInput>(
  'to the token',
  fc.oneof(pick('absent'), otherDecryptions, anything),
  3,
)

export function makeProcessing(input: ProcessingInput, scene: Scene, token: string): unknown {
  if (input.whole !== 'object') return input.whole.garbage
  const recognizedTokenTypes = makeTypes(input.types, scene)
  return { ...present({ recognizedTokenTypes }), ...makeDecryption(input.decrypt, scene, token) }
}

function makeTypes(input: TypesInput, scene: Scene): unknown {
  const accept = (...args: unknown[]): void => scene.note('asked about a token type with', args)
  switch (input) {
    case 'absent':
      return undefined
    case 'empty':
      return {}
    case 'of null prototype':
      return Object.assign(Object.create(null), { mac: accept })
    case 'mac, throwing':
      return {
        mac: () => {
          throw scene.name(new Error('thrown'), 'the failure of the token type function')
        },
      }
    case 'mac':
    case 'MAC':
    case 'bearer':
      return { [input]: accept }
    default:
      return input.garbage
  }
}

export function makeDecryption(input: DecryptInput, scene: Scene, token: string): Record<symbol, unknown> {
  if (input === 'absent') return {}
  const { jweDecrypt }: Library = scene.library
  if (typeof input === 'object') return { [jweDecrypt]: input.garbage }
  return {
    [jweDecrypt]: (...args: unknown[]): unknown => {
      scene.note('asked to decrypt', args)
      if (input === 'throwing') throw scene.name(new Error('thrown'), 'the failure of the decryption')
      if (input === 'at once') return token
      return decrypted(input, scene, token, args[0])
    },
  }
}

async function decrypted(input: DecryptInput, scene: Scene, token: string, jwe: unknown): Promise<unknown> {
  await Promise.resolve()
  if (input === 'rejecting') throw scene.name(new Error('rejected'), 'the failure of the decryption')
  return input === 'to text' ? 'text' : input === 'to itself' ? jwe : token
}
