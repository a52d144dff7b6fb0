import * as oauth from 'countersign'

/** The values that a front-channel request needs. */
export async function request(): Promise<URLSearchParams> {
  const verifier: string = oauth.generateRandomCodeVerifier()
  const parameters = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() }
  return new URLSearchParams({ ...parameters, code_challenge: await oauth.calculatePKCECodeChallenge(verifier) })
}
