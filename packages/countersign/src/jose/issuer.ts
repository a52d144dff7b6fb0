import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { JsonObject } from '../values/json.ts'
import type { Jwt } from './jwt.ts'

/**
 * Member of a server's metadata, for libraries built on this one: a function that says which issuer a JWT must name, for
 * servers whose `issuer` has a place holder in it. `undefined` means the issuer of the metadata.
 *
 * Safe only where what it returns is made of claims that were compared with a list of the caller's; otherwise every tenant
 * of such a server can sign in.
 *
 * @internal
 */
export const _expectedIssuer: unique symbol = Symbol('expectedIssuer')

/** Metadata with {@link _expectedIssuer}. */
interface IssuerOverride {
  [_expectedIssuer]?: (token: { header: JsonObject; claims: JsonObject; jwt: string }) => string | undefined
}

/** The issuer that a JWT must name. */
export function issuerOf(as: AuthorizationServer & IssuerOverride, { header, claims, token }: Jwt): string {
  return as[_expectedIssuer]?.({ header, claims, jwt: token }) ?? as.issuer
}
