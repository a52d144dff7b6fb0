import * as oauth from 'countersign'

/** What a token answer and an ID Token hold, and the two options of their processing. */
const decrypt: oauth.JweDecryptFunction = (jwe) => Promise.resolve(jwe.slice(1))
const decryption: oauth.JWEDecryptOptions = { [oauth.jweDecrypt]: decrypt }

const tokenTypes: oauth.RecognizedTokenTypes = {
  'urn:example:token': (response: Response, body: oauth.TokenEndpointResponse) => {
    if (response.status !== 200 || body.scope === undefined) {
      throw new oauth.OperationProcessingError('a token without scope', { code: oauth.INVALID_RESPONSE })
    }
  },
}

export const options: oauth.ProcessTokenResponseOptions = { ...decryption, recognizedTokenTypes: tokenTypes }

export async function receive(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  response: Response,
): Promise<oauth.IDToken | undefined> {
  const answer = await oauth.processBackchannelAuthenticationGrantResponse(as, client, response, options)
  return oauth.getValidatedIdTokenClaims(answer)
}

export function describe(answer: oauth.TokenEndpointResponse): unknown[] {
  const type: 'bearer' | 'dpop' | Lowercase<string> = answer.token_type
  const details: oauth.AuthorizationDetails[] = answer.authorization_details ?? []
  return [
    type,
    answer.access_token,
    answer.expires_in?.toFixed(),
    answer.id_token?.length,
    answer.refresh_token,
    answer.scope?.split(' '),
    answer['a member of its own'],
    details.map((detail) => [
      detail.type,
      detail.locations?.length,
      detail.actions?.length,
      detail.datatypes?.length,
      detail.privileges?.length,
      detail.identifier,
      detail['a member of its own'],
    ]),
  ]
}

export function read(claims: oauth.IDToken): unknown[] {
  const audiences: string[] = typeof claims.aud === 'string' ? [claims.aud] : claims.aud
  const confirmation: oauth.ConfirmationClaims | undefined = claims.cnf
  return [
    audiences,
    claims.iss,
    claims.sub,
    claims.iat.toFixed(),
    claims.exp.toFixed(),
    claims.nbf?.toFixed(),
    claims.jti,
    claims.nonce,
    claims.auth_time?.toFixed(),
    claims.azp,
    claims['a claim of its own'],
    confirmation?.jkt,
    confirmation?.['x5t#S256'],
    confirmation?.['a method of its own'],
  ]
}
