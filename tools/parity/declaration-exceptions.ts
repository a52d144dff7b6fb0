/** A declaration of ours that is deliberately not the same as oauth4webapi's, and why nobody is hurt by it. */
export interface DeclarationException {
  readonly name: string
  /** Exactly the findings of the comparison; one that is no longer found must be removed. */
  readonly findings: readonly string[]
  readonly reason: string
}

export const declarationExceptions: readonly DeclarationException[] = []
