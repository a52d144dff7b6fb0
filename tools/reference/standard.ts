import ts from 'typescript'
import { promisedErrors, thrownBy } from './promised-errors.ts'
import { type Errors, reachableErrors, type Sources } from './reachable-errors.ts'

/** What a number counts; where its docstring has none of these words, it does not say. */
const UNIT = /\b(milliseconds|seconds|bits|bytes|characters|requests|steps|transactions|times|share|status)\b/i

/**
 * What the docstrings of a module's exports lack, a line each. A function has a summary, each parameter, the result, a
 * paragraph of a standard, and exactly the errors that its code can reach, each with class and code; those of the methods
 * of what it gives are named there. A number has a unit. TypeDoc sees to it that anything is said at all; see main.ts.
 * What is `@internal` is left out.
 *
 * @param path The module, from the sources.
 */
export function docstringFaults(program: ts.Program, path: string, sources: Sources): string[] {
  const checker = program.getTypeChecker()
  const errorsOf = reachableErrors(program, sources)
  const promisedBy = promisedErrors(program, sources)
  const exports = publicExports(program, path, sources)
  const functions = exports.filter(({ flags }) => (flags & ts.SymbolFlags.Function) !== 0)
  const possible = new Map(functions.map((symbol) => [symbol, namesOf(errorsOf(symbol))]))
  const all = new Set([...possible.values()].flat())
  return exports.flatMap((exported) => {
    const promised = promisedBy(exported)
    const reached = possible.get(exported)
    return [
      ...(reached === undefined
        ? promised.filter((error) => !all.has(error)).map(cannotThrow)
        : functionFaults(checker, exported, reached, promised)),
      ...unitFaults(checker, exported),
    ].map((fault) => `${exported.name}: ${fault}`)
  })
}

function namesOf(errors: Errors): string[] {
  return [...errors].flatMap(([name, codes]) => [...codes].map((code) => `${name} ${code}`)).sort()
}

function cannotThrow(error: string): string {
  return `says that it throws ${error}, and cannot`
}

/** The exports of a module that users may use, followed to where they are declared. */
export function publicExports(program: ts.Program, path: string, { sources }: Sources): ts.Symbol[] {
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(`${sources}${path}`)
  const module = file && checker.getSymbolAtLocation(file)
  if (module === undefined) throw new Error(`no module ${path}`)
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter((symbol) => !symbol.getJsDocTags(checker).some(({ name }) => name === 'internal'))
}

function functionFaults(
  checker: ts.TypeChecker,
  exported: ts.Symbol,
  possible: readonly string[],
  promised: readonly string[],
): string[] {
  const declaration = exported.valueDeclaration
  if (declaration === undefined || !ts.isFunctionDeclaration(declaration)) return ['is declared by no function']
  const tags = ts.getJSDocTags(declaration)
  const has = (name: string): boolean => tags.some((tag) => tag.tagName.text === name && textOf(tag) !== '')

  const parameters = declaration.parameters.map(({ name }) => name.getText())
  const documented = tags.filter(ts.isJSDocParameterTag).filter((tag) => textOf(tag) !== '')
  const thrown = [...thrownBy(tags)].sort()
  return [
    ...(ts.displayPartsToString(exported.getDocumentationComment(checker)) === '' ? ['no summary'] : []),
    ...(documented.map(({ name }) => name.getText()).join() === parameters.join()
      ? []
      : ['not each parameter, in order']),
    ...(has('returns') ? [] : ['no @returns']),
    ...(has('see') ? [] : ['no @see']),
    ...possible
      .filter((error) => !thrown.includes(error) && !promised.includes(error))
      .map((error) => `can throw ${error}, and does not say so`),
    ...thrown.filter((error) => !possible.includes(error) && !promised.includes(error)).map(cannotThrow),
  ]
}

function textOf(tag: ts.JSDocTag): string {
  return ts.getTextOfJSDocComment(tag.comment)?.trim() ?? ''
}

/** Members that are numbers and do not say of what. */
function unitFaults(checker: ts.TypeChecker, exported: ts.Symbol): string[] {
  const members = exported.members ?? new Map<ts.__String, ts.Symbol>()
  return [...members.values()].flatMap((member) => {
    const declaration = member.valueDeclaration
    if (declaration === undefined || !(ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)))
      return []
    const isNumber = declaration.type?.getText().split(' | ').includes('number') ?? false
    const text = ts.displayPartsToString(member.getDocumentationComment(checker))
    return isNumber && !UNIT.test(text) && !/^See \S+$/.test(text) ? [`${member.name} is a number without unit`] : []
  })
}
