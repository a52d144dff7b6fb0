import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/** oidc-provider has no token exchange of its own, but takes one: a token for the same person and scope. */
export function exchangeTokens(provider: Provider): void {
  async function answer(ctx: TokenEndpointGrantContext<{ subject_token?: string }>): Promise<void> {
    const { client, params } = ctx.oidc
    const subject = await provider.AccessToken.find(params.subject_token ?? '')
    if (subject === undefined) throw new errors.InvalidRequest('the subject_token is not known')
    const { accountId, claims, grantId, gty, scope } = subject
    const issued = new provider.AccessToken({ accountId, claims, client, grantId, gty, scope })
    ctx.body = {
      access_token: await issued.save(),
      issued_token_type: ACCESS_TOKEN,
      token_type: issued.tokenType,
      expires_in: issued.expiration,
    }
  }
  provider.registerGrantType(TOKEN_EXCHANGE, answer, ['subject_token', 'subject_token_type'])
}
