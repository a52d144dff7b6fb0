import ts from 'typescript'
import { symbolOf } from '../rulebook/package-program.ts'
import type { Sources } from './reachable-errors.ts'

/**
 * The errors that the docstrings of types name: of those that a function takes and gives, of what they are made of, and of
 * their members. A function that makes an object of methods leaves the errors of the methods to them.
 */
export function promisedErrors(program: ts.Program, { sources }: Sources): (start: ts.Symbol) => string[] {
  const checker = program.getTypeChecker()
  const isOwn = (node: ts.Node): boolean => node.getSourceFile().fileName.startsWith(sources)

  return (start) => {
    const errors = new Set<string>()
    const seen = new Set<ts.Symbol>()

    function follow(symbol: ts.Symbol): void {
      if (seen.has(symbol)) return
      seen.add(symbol)
      for (const declaration of symbol.declarations ?? []) {
        if (isOwn(declaration) && (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))) {
          visit(declaration)
        }
      }
    }

    function visit(node: ts.Node): void {
      for (const error of thrownBy(ts.getJSDocTags(node))) errors.add(error)
      if (ts.isTypeReferenceNode(node)) {
        const symbol = symbolOf(checker, node.typeName)
        if (symbol !== undefined) follow(symbol)
      }
      ts.forEachChild(node, visit)
    }

    const { valueDeclaration: declaration } = start
    if (declaration !== undefined && ts.isFunctionDeclaration(declaration)) {
      const types = [...declaration.parameters.map(({ type }) => type), declaration.type]
      for (const type of types) if (type !== undefined) visit(type)
    } else follow(start)
    return [...errors].sort()
  }
}

/** Class and code of each error that a docstring names. What the platform throws has no code of ours. */
export function thrownBy(tags: readonly ts.JSDocTag[]): Set<string> {
  const thrown = tags.filter(ts.isJSDocThrowsTag).flatMap((tag) => {
    const name = tag.typeExpression?.type.getText() ?? 'an error without class'
    const text = ts.getTextOfJSDocComment(tag.comment) ?? ''
    const codes = text.match(/\b(?:OAUTH|ERR|BACKCHANNEL)_[A-Z_]+/g) ?? []
    return codes.map((code) => `${name} ${code}`)
  })
  return new Set(thrown)
}
