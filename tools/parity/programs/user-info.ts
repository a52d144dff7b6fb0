import * as oauth from 'countersign'

/** UserInfo with and without a known subject, and every claim that it may hold. */
export async function fetchUser(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  accessToken: string,
  subject: string | undefined,
): Promise<oauth.UserInfoResponse> {
  const options: oauth.UserInfoRequestOptions = { headers: new Headers({ 'x-request': 'userinfo' }) }
  await oauth.userInfoRequest(as, client, accessToken)
  const response = await oauth.userInfoRequest(as, client, accessToken, options)
  const expected: string | typeof oauth.skipSubjectCheck = subject ?? oauth.skipSubjectCheck
  await oauth.processUserInfoResponse(as, client, expected, response)
  return await oauth.processUserInfoResponse(as, client, expected, response, {
    [oauth.jweDecrypt]: (jwe) => Promise.resolve(jwe),
  })
}

export function read(user: oauth.UserInfoResponse): unknown[] {
  const address: oauth.UserInfoAddress | undefined = user.address
  return [
    user.sub,
    user.name,
    user.given_name,
    user.family_name,
    user.middle_name,
    user.nickname,
    user.preferred_username,
    user.profile,
    user.picture,
    user.website,
    user.email,
    user.email_verified === true,
    user.gender,
    user.birthdate,
    user.zoneinfo,
    user.locale,
    user.phone_number,
    user.updated_at?.toFixed(),
    user['a claim of its own'],
    address?.formatted,
    address?.street_address,
    address?.locality,
    address?.region,
    address?.postal_code,
    address?.country,
    address?.['a line of its own'],
  ]
}
