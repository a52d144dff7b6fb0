import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { locate } from './compiler.ts'
import { compareDeclarations } from './declarations.ts'
import { THEIRS } from './packages.ts'

/** oauth4webapi's own declarations stand in for ours, once as they are and once with each kind of change. */
const original = ts.sys.readFile(locate(THEIRS)) ?? ''

const changes: readonly [string, string, string, string, readonly string[]][] = [
  [
    'a parameter that takes less',
    'calculatePKCECodeChallenge',
    '(codeVerifier: string)',
    "(codeVerifier: 'x')",
    ['value ours-to-theirs'],
  ],
  [
    'a parameter that takes more',
    'calculatePKCECodeChallenge',
    '(codeVerifier: string)',
    '(codeVerifier: unknown)',
    ['value theirs-to-ours'],
  ],
  [
    'a result that lost a member',
    'BackchannelAuthenticationResponse',
    'readonly auth_req_id: string;',
    '',
    ['type ours-to-theirs', 'missing auth_req_id'],
  ],
  [
    'a member that became writable',
    'BackchannelAuthenticationResponse',
    'readonly auth_req_id: string;',
    'auth_req_id: string;',
    ['modifiers auth_req_id'],
  ],
  [
    'an option of ours alone',
    'DiscoveryRequestOptions',
    "algorithm?: 'oidc' | 'oauth2';",
    "algorithm?: 'oidc' | 'oauth2'; extra?: 1",
    ['added extra'],
  ],
  [
    'an option that lost its symbol',
    'JWEDecryptOptions',
    '[jweDecrypt]?: JweDecryptFunction;',
    '',
    ['missing [jweDecrypt]'],
  ],
]

describe('the comparison of declarations', () => {
  it('finds nothing between two copies, although their symbols are not the same', () => {
    const compared = compareDeclarations(original)
    expect([...compared.theirs.keys()].flatMap((name) => compared.findings(name))).toEqual([])
    expect(compared.unsharedSymbols).toEqual([])
    expect(compared.theirs.size).toBe(148)
  })

  const apart = changes.map(([title, name, from, to, ids]) => ({ title, name, text: original.replace(from, to), ids }))

  it('applies every planted change', () => {
    expect(apart.filter(({ text }) => text === original)).toEqual([])
  })

  it.each(apart)('finds $title', ({ name, text, ids }) => {
    expect(
      compareDeclarations(text)
        .findings(name)
        .map(({ id }) => id),
    ).toEqual(ids)
  })
})
