// An ID Token that is encrypted for this client (OpenID Connect Core §10.2): the library hands it to a function of yours,
// here jose's, and validates what comes out.
import * as countersign from 'countersign'
import { compactDecrypt } from 'jose'

/** The algorithms that the client is registered for, and no other. */
const ALGORITHMS = { keyManagementAlgorithms: ['RSA-OAEP-256'], contentEncryptionAlgorithms: ['A256GCM'] }

/** For every function that may meet an encrypted JWT, also UserInfo, introspection and JARM. */
export function decryptingWith(privateKey: countersign.CryptoKey): countersign.JWEDecryptOptions {
  return {
    async [countersign.jweDecrypt](jwe) {
      const { plaintext } = await compactDecrypt(jwe, privateKey, ALGORITHMS)
      return new TextDecoder().decode(plaintext)
    },
  }
}

/** `response` is what the token endpoint answered, as in authorization-code.ts. */
export async function read(
  as: countersign.AuthorizationServer,
  client: countersign.Client,
  response: Response,
  expectedNonce: string,
  privateKey: countersign.CryptoKey,
): Promise<countersign.IDToken | undefined> {
  const options = { ...decryptingWith(privateKey), expectedNonce }
  const tokens = await countersign.processAuthorizationCodeResponse(as, client, response, options)
  return countersign.getValidatedIdTokenClaims(tokens)
}
