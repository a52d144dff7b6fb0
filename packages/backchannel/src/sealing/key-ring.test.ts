import { describe, expect, it } from 'vitest'
import { type EncryptionKey, type EncryptionKeys, keyRing } from './key-ring.ts'

const bytes = (filling: number) => new Uint8Array(32).fill(filling)
const ONE: EncryptionKey = { kid: 'one', key: bytes(1) }
const TWO: EncryptionKey = { kid: 'two', key: bytes(2) }

async function aesKey(algorithm: AesKeyGenParams, usages: KeyUsage[]): Promise<CryptoKey> {
  return await crypto.subtle.generateKey(algorithm, false, usages)
}

describe('a key ring', () => {
  it('opens what it sealed, about the same', async () => {
    const ring = await keyRing([ONE])
    for (const text of ['', 'ä€😀\u0000', 'x'.repeat(100_000)]) {
      expect(await ring.unseal(await ring.seal(text, 'a'), 'a')).toBe(text)
    }
  })

  it('hides the text, and seals it differently each time', async () => {
    const ring = await keyRing([ONE])
    const sealed = await ring.seal('access-token', 'a')
    expect(await ring.seal('access-token', 'a')).not.toBe(sealed)
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('access-token')
  })

  it('does not open it about something else, such as another record', async () => {
    const ring = await keyRing([ONE])
    await expect(ring.unseal(await ring.seal('text', 'secret/a'), 'secret/b')).rejects.toMatchObject({
      code: 'BACKCHANNEL_CANNOT_UNSEAL',
    })
  })

  it('opens what a previous key sealed, and seals with the current one', async () => {
    const sealed = await (await keyRing([ONE])).seal('text', 'a')
    const ring = await keyRing([TWO, ONE])
    expect(await ring.unseal(sealed, 'a')).toBe('text')
    expect((await ring.seal('text', 'a')).split('.')[1]).toBe('two')
  })

  it.each<[string, EncryptionKeys]>([
    ['without its key', [TWO]],
    ['with another key of its name', [{ kid: 'one', key: bytes(2) }]],
  ])('does not open it %s', async (_, keys) => {
    const sealed = await (await keyRing([ONE])).seal('text', 'a')
    await expect((await keyRing(keys)).unseal(sealed, 'a')).rejects.toMatchObject({ code: 'BACKCHANNEL_CANNOT_UNSEAL' })
  })

  it('does not open what was changed', async () => {
    const ring = await keyRing([ONE, TWO])
    const sealed = await ring.seal('text', 'a')
    const [version, , iv, text] = sealed.split('.')
    const changed = [
      `${version}.two.${iv}.${text}`,
      `2.one.${iv}.${text}`,
      `${version}.one.${iv}`,
      `${sealed}.more`,
      `${version}.one.${text}.${iv}`,
      `${version}.one.${iv}.${text?.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      '',
    ]
    for (const text of changed) {
      await expect(ring.unseal(text, 'a')).rejects.toMatchObject({ code: 'BACKCHANNEL_CANNOT_UNSEAL' })
    }
  })

  it('takes a CryptoKey that does not leave the runtime', async () => {
    const key = await aesKey({ name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt'])
    const ring = await keyRing([{ kid: 'hsm', key }])
    expect(await ring.unseal(await ring.seal('text', 'a'), 'a')).toBe('text')
  })

  it.each<[string, () => Promise<EncryptionKeys>]>([
    ['a short key', async () => [{ kid: 'a', key: new Uint8Array(16) }]],
    ['a name with a dot', async () => [{ kid: 'a.b', key: bytes(1) }]],
    ['one name for two keys', async () => [ONE, { kid: 'one', key: bytes(2) }]],
    [
      'another algorithm',
      async () => [{ kid: 'a', key: await aesKey({ name: 'AES-CBC', length: 256 }, ['encrypt', 'decrypt']) }],
    ],
    [
      '128 bits',
      async () => [{ kid: 'a', key: await aesKey({ name: 'AES-GCM', length: 128 }, ['encrypt', 'decrypt']) }],
    ],
    [
      'a key that only encrypts',
      async () => [{ kid: 'a', key: await aesKey({ name: 'AES-GCM', length: 256 }, ['encrypt']) }],
    ],
  ])('refuses %s', async (_, keys) => {
    await expect(keyRing(await keys())).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' })
  })
})
