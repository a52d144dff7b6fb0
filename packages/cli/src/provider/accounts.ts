import type { FindAccount } from 'oidc-provider'

/** What the provider says about one person, beside `sub`. */
export interface AccountClaims {
  readonly name: string
  readonly email: string
  readonly email_verified: boolean
}

/** People by their `sub`. */
export type Accounts = Readonly<Record<string, AccountClaims>>

export const DEFAULT_ACCOUNTS: Accounts = {
  anna: { name: 'Anna Example', email: 'anna@example.com', email_verified: true },
}

export function findAccountIn(accounts: Accounts): FindAccount {
  return (_ctx, sub) => {
    const claims = Object.hasOwn(accounts, sub) ? accounts[sub] : undefined
    return claims && { accountId: sub, claims: () => ({ sub, ...claims }) }
  }
}
