import ts from 'typescript'
import type { DeclaredRule, Fault } from './declared-rule.ts'
import { callsIn, exportOf, libraryFiles, placeOf, symbolOf } from './package-program.ts'

/** The rules that a program declares, and the calls of `rule()` that are no declarations. */
export interface Declarations {
  /** By the constant that holds the rule. */
  readonly rules: ReadonlyMap<ts.Symbol, DeclaredRule>
  readonly faults: readonly Fault[]
}

/** Reads every `export const NAME: Rule = rule('id', DOCUMENT, 'section', CODE?)` of the library. */
export function readDeclarations(program: ts.Program): Declarations {
  const checker = program.getTypeChecker()
  const rule = exportOf(program, 'rule', 'rules/rule.ts')
  const rules = new Map<ts.Symbol, DeclaredRule>()
  const faults: Fault[] = []
  for (const call of libraryFiles(program).flatMap(callsIn)) {
    if (symbolOf(checker, call.expression) !== rule) continue
    const declaration = call.parent
    const symbol =
      ts.isVariableDeclaration(declaration) && isExported(declaration) ? symbolOf(checker, declaration.name) : undefined
    const [id, document, section, code] = argumentsOf(checker, call)
    if (symbol === undefined || id === undefined || document === undefined || section === undefined) {
      faults.push({ ...placeOf(call), fault: 'a rule is an exported constant, and its arguments are constant texts' })
      continue
    }
    const docstring = parseDocstring(ts.displayPartsToString(symbol.getDocumentationComment(checker)))
    const codeOrDefault = code ?? 'OAUTH_INVALID_RESPONSE'
    rules.set(symbol, { name: symbol.name, id, document, section, code: codeOrDefault, ...docstring, ...placeOf(call) })
  }
  return { rules, faults }
}

function isExported(declaration: ts.VariableDeclaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0
}

/** The texts that the arguments of a call stand for, constants of other files included. */
function argumentsOf(checker: ts.TypeChecker, call: ts.CallExpression): (string | undefined)[] {
  return call.arguments.map((argument) => {
    const type = checker.getTypeAtLocation(argument)
    return type.isStringLiteral() ? type.value : undefined
  })
}

/** What a docstring says: what holds, and behind `Remedy:` what to do. */
function parseDocstring(text: string): Pick<DeclaredRule, 'sentence' | 'remedy'> {
  const [sentence = '', remedy = ''] = text.split(/^Remedy:/m, 2)
  return { sentence: inOneLine(sentence), remedy: capitalized(inOneLine(remedy)) }
}

function inOneLine(text: string): string {
  return text
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Behind the colon a remedy begins with a small letter; alone it is a sentence. */
function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
