import ts from 'typescript'
import { exportOf, symbolOf } from '../rulebook/package-program.ts'
import { readDeclarations } from '../rulebook/read-declarations.ts'

/** What a function can throw: the codes of errors, by the name of their class. */
export type Errors = ReadonlyMap<string, ReadonlySet<string>>

/** Whose code is followed. What it calls of another package is not. */
export interface Sources {
  /** The folder of the sources, with a slash at the end. */
  readonly sources: string
  /** The file, from there, whose `invalidArgument` makes the errors for a caller's mistakes. */
  readonly mistakes: string
}

/** Error classes that are made with `new` where they are thrown, and the one code of each. */
const OWN_CODE: Readonly<Record<string, string>> = {
  AuthorizationResponseError: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
  ResponseBodyError: 'OAUTH_RESPONSE_BODY_ERROR',
  WWWAuthenticateChallengeError: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
}

/** The error class that is given its code where it is made. */
const GIVEN_CODE = 'BackchannelError'

/** The error classes of rules. */
const RULED: readonly string[] = ['OperationProcessingError', 'UnsupportedOperationError']

/**
 * Follows a function through everything that its code names, and gathers the errors on the way: of the rules that it
 * applies or hands on, of `new`, of a caller's mistakes. What is called through an object, such as a caller's `ClientAuth`
 * or a DPoP handle, is not followed.
 */
export function reachableErrors(program: ts.Program, { sources, mistakes }: Sources): (start: ts.Symbol) => Errors {
  const checker = program.getTypeChecker()
  const { rules } = readDeclarations(program)
  const mistake = exportOf(program, 'invalidArgument', mistakes, sources)
  const applies = exportOf(program, 'check', 'rules/check.ts')
  const own = new Set(program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(sources)))

  return (start) => {
    const errors = new Map<string, Set<string>>()
    const seen = new Set<ts.Symbol>()

    function note(className: string, code: string): void {
      errors.set(className, (errors.get(className) ?? new Set()).add(code))
    }

    function literalOf(code: ts.Expression): string | undefined {
      const type = checker.getTypeAtLocation(code)
      return type.isStringLiteral() ? type.value : undefined
    }

    function follow(symbol: ts.Symbol): void {
      if (seen.has(symbol)) return
      seen.add(symbol)
      const rule = rules.get(symbol)
      if (rule !== undefined) {
        const unsupported = rule.code === 'OAUTH_UNSUPPORTED_OPERATION'
        note(unsupported ? 'UnsupportedOperationError' : 'OperationProcessingError', rule.code)
        return
      }
      for (const declaration of symbol.declarations ?? []) {
        const followed = ts.isFunctionDeclaration(declaration) || isConstantOfFile(declaration)
        if (followed && own.has(declaration.getSourceFile())) visit(declaration)
      }
    }

    function visit(node: ts.Node): void {
      if (ts.isTypeNode(node)) return
      if (ts.isNewExpression(node)) {
        const className = node.expression.getText()
        const [first] = node.arguments ?? []
        const code = className === GIVEN_CODE && first !== undefined ? literalOf(first) : OWN_CODE[className]
        if (code !== undefined) note(className, code)
      }
      if (ts.isCallExpression(node) && symbolOf(checker, node.expression) === mistake) {
        const code = node.arguments[1] ?? defaultOf(mistake)
        if (code !== undefined && ts.isStringLiteral(code)) note('TypeError', code.text)
      }
      if (ts.isIdentifier(node)) {
        const symbol = ts.isShorthandPropertyAssignment(node.parent)
          ? checker.getShorthandAssignmentValueSymbol(node.parent)
          : checker.getSymbolAtLocation(node)
        if (symbol !== undefined)
          follow(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)
      }
      ts.forEachChild(node, visit)
    }

    follow(start)
    // who only compares names of rules refuses nothing
    return seen.has(applies) ? errors : new Map([...errors].filter(([name]) => !RULED.includes(name)))
  }
}

/** The code of a caller's mistake that has none of its own. */
function defaultOf(mistake: ts.Symbol): ts.Expression | undefined {
  const { valueDeclaration: declaration } = mistake
  return declaration && ts.isFunctionDeclaration(declaration) ? declaration.parameters[1]?.initializer : undefined
}

/** A constant of a file, not of a function. */
function isConstantOfFile(declaration: ts.Declaration): boolean {
  return ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent)
}
