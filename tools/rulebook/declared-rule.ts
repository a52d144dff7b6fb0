/** A rule as its declaration and docstring tell of it. */
export interface DeclaredRule {
  /** The constant's name, such as `ID_TOKEN_ISSUER`. */
  readonly name: string
  /** The rule's id, such as `id-token.iss`. */
  readonly id: string
  readonly document: string
  readonly section: string
  readonly code: string
  /** What holds when the rule is kept; empty where the docstring does not say. */
  readonly sentence: string
  /** What to do when it refuses; empty where the docstring does not say. */
  readonly remedy: string
  /** The file, from the root of the repository. */
  readonly path: string
  readonly line: number
}

/** Something that is wrong with a rule or its docstring. */
export interface Fault {
  readonly path: string
  readonly line: number
  readonly fault: string
}
