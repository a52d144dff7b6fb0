import { sign, verify } from 'node:crypto'
import { cryptoKeys, type SigningKey } from '../../packages/countersign/src/testing/signed.ts'
import type { Contender } from '../measuring/contest.ts'
import { assertSigned } from './jwt.ts'
import { type Algorithm, nodeForm, publicKeyOf, type Signed, WEB } from './keys.ts'

/** What others are held against: a signature verified by Web Cryptography, and nothing else. */
export const SUBTLE_VERIFY = 'subtle.verify alone'

/** The verification of one signature. */
export async function verifyingFloors<Input extends { signed: Signed }>(
  alg: Algorithm,
  key: SigningKey,
): Promise<readonly Contender<Input>[]> {
  const { publicKey } = await cryptoKeys(key)
  const { signature: parameters } = WEB[alg]
  const form = nodeForm(alg, publicKeyOf(key))
  return [
    {
      name: SUBTLE_VERIFY,
      floor: true,
      act: ({ signed: { bytes, signature } }) => crypto.subtle.verify(parameters, publicKey, signature, bytes),
    },
    {
      name: 'crypto.verify alone (callback)',
      floor: true,
      act: ({ signed: { bytes, signature } }) =>
        new Promise((resolve, reject) => {
          verify(form[0], bytes, form[1], signature, (error, valid) => (error ? reject(error) : resolve(valid)))
        }),
    },
    {
      name: 'crypto.verify alone (sync)',
      floor: true,
      act: ({ signed: { bytes, signature } }) => verify(form[0], bytes, form[1], signature),
    },
  ]
}

/** About as many as the signing input of an assertion or a proof has. */
const BYTES = new Uint8Array(Buffer.alloc(350, 'a'))

/** Throws where what a floor makes is no signature. */
export async function proveSigning({ act }: Contender<unknown>, alg: Algorithm, key: SigningKey): Promise<void> {
  const made = String(await act(undefined))
  assertSigned({ bytes: BYTES, signature: new Uint8Array(Buffer.from(made, 'base64url')) }, alg, key)
}

/** One signature, as base64url. */
export async function signingFloors(alg: Algorithm, key: SigningKey): Promise<readonly Contender<unknown>[]> {
  const { privateKey } = await cryptoKeys(key)
  const { signature: parameters } = WEB[alg]
  const form = nodeForm(alg, key.privateKey)
  return [
    {
      name: 'subtle.sign alone',
      floor: true,
      act: async () => Buffer.from(await crypto.subtle.sign(parameters, privateKey, BYTES)).toString('base64url'),
    },
    {
      name: 'crypto.sign alone (callback)',
      floor: true,
      act: () =>
        new Promise((resolve, reject) => {
          sign(form[0], BYTES, form[1], (error, made) => (error ? reject(error) : resolve(made.toString('base64url'))))
        }),
    },
    {
      name: 'crypto.sign alone (sync)',
      floor: true,
      act: () => sign(form[0], BYTES, form[1]).toString('base64url'),
    },
  ]
}
