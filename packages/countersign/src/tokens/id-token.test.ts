import { describe, expect, it } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { refuses } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import * as rules from './id-token.rules.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

function process(claims: Record<string, JsonValue | undefined>) {
  return processBackchannelAuthenticationGrantResponse(as, client, json(tokenBody({ id_token: unsignedJwt(claims) })))
}

describe('ID Token', () => {
  it('gives the claims of a valid one (OIDC Core 3.1.3.7)', async () => {
    const claims = idTokenClaims()
    expect(getValidatedIdTokenClaims(await process(claims))).toEqual(claims)
  })

  it('refuses the iss of another server (OIDC Core 3.1.3.7 item 2)', async () => {
    const error = await refuses(rules.ID_TOKEN_ISSUER, () => process(idTokenClaims({ iss: 'https://evil.example' })))
    expect(error).toMatchObject({ expected: as.issuer, actual: 'https://evil.example', status: 200 })
    expect(error.cause).toMatchObject({ claim: 'iss', expected: as.issuer })
  })

  it('refuses a missing iss (OIDC Core 2)', async () => {
    await refuses(
      rules.ID_TOKEN_ISSUER_PRESENT,
      () => process(idTokenClaims({ iss: undefined })),
      rules.ID_TOKEN_ISSUER,
    )
  })
})
