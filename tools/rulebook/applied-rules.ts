import ts from 'typescript'
import { callsIn, exportOf, libraryFiles, symbolOf } from './package-program.ts'

/**
 * The constants and parameters that stand in the place of the rule in a call of `check()`. Where that is a parameter of a
 * function, such as of the one that all status checks go through, or a member of one, the rules are what the function's
 * callers pass in its place, or write into that member of the object literal that they pass.
 */
export function appliedRules(program: ts.Program): ReadonlySet<ts.Symbol> {
  const checker = program.getTypeChecker()
  const calls = libraryFiles(program).flatMap(callsIn)
  const applied = new Set<ts.Symbol>()
  const membersOf = new Map<ts.Symbol, Set<string>>()

  function follow(appliesRule: ts.Symbol, place: number, member?: string): void {
    for (const call of calls) {
      if (symbolOf(checker, call.expression) !== appliesRule) continue
      const argument = call.arguments[place]
      if (argument !== undefined) followArgument(argument, member)
    }
  }

  function followArgument(argument: ts.Expression, member?: string): void {
    if (member === undefined && ts.isPropertyAccessExpression(argument)) {
      const object = symbolOf(checker, argument.expression)
      if (object?.valueDeclaration && ts.isParameter(object.valueDeclaration)) {
        followParameter(object, argument.name.text)
        return
      }
    }
    const passed = symbolOf(checker, argument)
    if (member !== undefined && !isParameter(passed)) {
      const value = memberOf(literalOf(argument, passed), member)
      if (value !== undefined) followArgument(value)
    } else if (passed !== undefined) {
      followParameter(passed, member)
    }
  }

  /** Notes a rule or a parameter that is one, or has one as a member; and follows a parameter to where it comes from. */
  function followParameter(passed: ts.Symbol, member?: string): void {
    const members = membersOf.get(passed) ?? new Set()
    membersOf.set(passed, members)
    if (member === undefined ? applied.has(passed) : members.has(member)) return
    if (member === undefined) applied.add(passed)
    else members.add(member)

    const parameter = passed.valueDeclaration
    if (parameter === undefined || !ts.isParameter(parameter) || !ts.isFunctionDeclaration(parameter.parent)) return
    const { name, parameters } = parameter.parent
    const caller = name && symbolOf(checker, name)
    if (caller !== undefined) follow(caller, parameters.indexOf(parameter), member)
  }

  follow(exportOf(program, 'check', 'rules/check.ts'), 1)
  return applied
}

function isParameter(symbol: ts.Symbol | undefined): symbol is ts.Symbol {
  return symbol?.valueDeclaration !== undefined && ts.isParameter(symbol.valueDeclaration)
}

/** The object literal that an expression is, or that the constant holds which it names. */
function literalOf(expression: ts.Expression, symbol: ts.Symbol | undefined): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(expression)) return expression
  const declaration = symbol?.valueDeclaration
  const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  return value && ts.isObjectLiteralExpression(value) ? value : undefined
}

function memberOf(literal: ts.ObjectLiteralExpression | undefined, name: string): ts.Expression | undefined {
  const assignments = literal?.properties.filter(ts.isPropertyAssignment) ?? []
  return assignments.find((assignment) => ts.isIdentifier(assignment.name) && assignment.name.text === name)
    ?.initializer
}
