import * as oauth from 'countersign'

/** A DPoP handle for every request that takes one, and the one repetition that a server's nonce asks for. */
export async function bound(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  authReqId: string,
): Promise<Response> {
  const keyOptions: oauth.GenerateKeyPairOptions = { extractable: false, modulusLength: 3072 }
  const pair = await oauth.generateKeyPair('PS256', keyOptions)
  const handle: oauth.DPoPHandle = oauth.DPoP(client, pair)
  oauth.DPoP({ [oauth.clockSkew]: 5 }, pair, { [oauth.modifyAssertion]: () => undefined })
  const options: oauth.DPoPRequestOptions = { DPoP: handle }
  const thumbprint: string = await handle.calculateThumbprint()

  const attempt = async (): Promise<Response> => {
    const response = await oauth.backchannelAuthenticationGrantRequest(as, client, method, authReqId, options)
    const answer = await oauth.processBackchannelAuthenticationGrantResponse(as, client, response)
    return await oauth.userInfoRequest(as, client, answer.access_token, options)
  }
  return await attempt().catch((failure: unknown) => {
    if (oauth.isDPoPNonceError(failure) && thumbprint.length > 0) return attempt()
    throw failure
  })
}
