import ts from 'typescript'
import { callsIn, exportOf, libraryFiles, symbolOf } from './package-program.ts'

/**
 * The constants and parameters that stand in the place of the rule in a call of `check()`. Where that is a parameter of a
 * function, such as of the one that all status checks go through, the rules are what the function's callers pass in its
 * place.
 */
export function appliedRules(program: ts.Program): ReadonlySet<ts.Symbol> {
  const checker = program.getTypeChecker()
  const calls = libraryFiles(program).flatMap(callsIn)
  const applied = new Set<ts.Symbol>()

  function follow(appliesRule: ts.Symbol, place: number): void {
    for (const call of calls) {
      if (symbolOf(checker, call.expression) !== appliesRule) continue
      const argument = call.arguments[place]
      const passed = argument && symbolOf(checker, argument)
      if (passed === undefined || applied.has(passed)) continue
      applied.add(passed)
      const parameter = passed.valueDeclaration
      if (parameter === undefined || !ts.isParameter(parameter) || !ts.isFunctionDeclaration(parameter.parent)) continue
      const { name, parameters } = parameter.parent
      const caller = name && symbolOf(checker, name)
      if (caller !== undefined) follow(caller, parameters.indexOf(parameter))
    }
  }

  follow(exportOf(program, 'check', 'rules/check.ts'), 1)
  return applied
}
