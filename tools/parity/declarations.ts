import { dirname, relative } from 'node:path'
import ts from 'typescript'
import { compile, locate, pathInTools } from './compiler.ts'
import { type Declared, declaredExports } from './declared.ts'
import { declareSymbols, importSymbols, SHARED_SYMBOLS, symbolNames } from './one-set-of-symbols.ts'
import { OURS, THEIRS } from './packages.ts'

/** One way in which a declaration of ours differs from the one of the same name in oauth4webapi. */
export interface Finding {
  /** `value` or `type`, the direction in which assignment fails, or the member that differs: stable, for the list. */
  readonly id: string
  /** The compiler's own words, for the person who reads the failure. */
  readonly explanation: string
}

export interface ComparedDeclarations {
  readonly theirs: ReadonlyMap<string, Declared>
  readonly ours: ReadonlyMap<string, Declared>
  readonly unsharedSymbols: readonly string[]
  readonly findings: (name: string) => readonly Finding[]
}

const PROBE = pathInTools('in-memory.probe.ts')

/** Arguments with which a generic type is compared; the last ones are left out where there is a default. */
const TYPE_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  CustomFetchOptions: ["'POST'", 'URLSearchParams'],
  HttpRequestOptions: ["'POST'", 'URLSearchParams'],
  OmitSymbolProperties: ['{ a: 1; readonly b?: string; [Symbol.iterator]: 2 }'],
}

/**
 * @param copy for the test of this file: declarations that stand in for ours
 */
export function compareDeclarations(copy?: string): ComparedDeclarations {
  const theirPath = locate(THEIRS)
  const ourPath = copy === undefined ? locate(OURS) : pathInTools('in-memory.copy.d.ts')
  const virtual = new Map(copy === undefined ? [] : [[ourPath, copy]])
  const isOurs = (path: string): boolean => path === ourPath || path.includes('/packages/countersign/src/')

  const first = compile({ roots: [theirPath, ourPath], virtual })
  const theirs = declaredExports(first, theirPath)
  const ours = declaredExports(first, ourPath)
  const theirSymbols = symbolNames(ts.sys.readFile(theirPath) ?? '')
  const ourSymbols = first.getSourceFiles().flatMap((file) => (isOurs(file.fileName) ? symbolNames(file.text) : []))

  virtual.set(SHARED_SYMBOLS, declareSymbols([...theirSymbols, ...ourSymbols]))
  const shared = [...theirs.values()].filter(({ name }) => ours.has(name))
  virtual.set(PROBE, probe(shared, theirPath, ourPath))
  const program = compile({
    roots: [PROBE],
    virtual,
    rewrite: (path, text) => (path === theirPath || isOurs(path) ? importSymbols(text) : text),
  })
  const failures = failedProbes(program)
  return {
    theirs,
    ours,
    unsharedSymbols: theirSymbols.filter((name) => ours.has(name) && !ourSymbols.includes(name)),
    findings: (name) => [...(failures.get(name) ?? []), ...memberFindings(program, name)],
  }
}

/** One assignment a line, in both directions; what the compiler refuses is a finding. */
function probe(shared: readonly Declared[], theirPath: string, ourPath: string): string {
  const lines = [
    `import type * as theirs from '${fromHere(theirPath)}'`,
    `import type * as ours from '${fromHere(ourPath)}'`,
  ]
  for (const { name, isValue, isType, typeArguments } of shared) {
    if (isValue) lines.push(...bothDirections(name, 'value', `typeof theirs.${name}`, `typeof ours.${name}`))
    if (!isType) continue
    const given = TYPE_ARGUMENTS[name] ?? []
    for (let count = typeArguments.required; count <= typeArguments.accepted; count++) {
      const list = count === 0 ? '' : `<${given.slice(0, count).join(', ')}>`
      const kind = count === typeArguments.accepted ? 'type' : `type with ${count} arguments`
      lines.push(...bothDirections(name, kind, `theirs.${name}${list}`, `ours.${name}${list}`))
    }
  }
  return lines.join('\n')
}

function fromHere(path: string): string {
  const relativePath = relative(dirname(PROBE), path)
  return relativePath.startsWith('.') ? relativePath : `./${relativePath}`
}

function bothDirections(name: string, kind: string, theirs: string, ours: string): string[] {
  return [
    `export type ${name}_${kind.replaceAll(' ', '_')} = [${theirs}, ${ours}]`,
    `{ const given: ${ours} = null!; const wanted: ${theirs} = given; void wanted } // ${name}: ${kind} ours-to-theirs`,
    `{ const given: ${theirs} = null!; const wanted: ${ours} = given; void wanted } // ${name}: ${kind} theirs-to-ours`,
  ]
}

function failedProbes(program: ts.Program): ReadonlyMap<string, readonly Finding[]> {
  const file = program.getSourceFile(PROBE)
  if (file === undefined) throw new Error('the probe was not compiled')
  const lines = file.text.split('\n')
  const failures = new Map<string, Finding[]>()
  for (const diagnostic of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
    const line = lines[file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line] ?? ''
    const explanation = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    const label = /\/\/ (\w+): (.*)$/.exec(line)
    if (label === null) throw new Error(`the probe does not compile: ${line}\n${explanation}`)
    const [, name = '', id = ''] = label
    failures.set(name, [...(failures.get(name) ?? []), { id, explanation }])
  }
  return failures
}

/** Assignability forgives members that are optional: their names and modifiers are compared one by one. */
function memberFindings(program: ts.Program, name: string): Finding[] {
  const checker = program.getTypeChecker()
  const pair = program
    .getSourceFile(PROBE)
    ?.statements.find(
      (statement): statement is ts.TypeAliasDeclaration =>
        ts.isTypeAliasDeclaration(statement) && statement.name.text === `${name}_type`,
    )
  if (pair === undefined || !ts.isTupleTypeNode(pair.type)) return []
  const [theirs, ours] = pair.type.elements.map((node) => members(checker, checker.getTypeFromTypeNode(node)))
  if (theirs === undefined || ours === undefined) return []
  const findings: Finding[] = []
  for (const member of new Set([...theirs.keys(), ...ours.keys()])) {
    const [expected, actual] = [theirs.get(member), ours.get(member)]
    if (expected === actual) continue
    const change = expected === undefined ? 'added' : actual === undefined ? 'missing' : 'modifiers'
    findings.push({ id: `${change} ${member}`, explanation: `theirs: ${expected ?? '-'}, ours: ${actual ?? '-'}` })
  }
  return findings
}

function members(checker: ts.TypeChecker, type: ts.Type): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if ((type.flags & ts.TypeFlags.Object) === 0) return found
  for (const property of type.getProperties()) {
    const declaration = property.declarations?.[0]
    const readonly = declaration !== undefined && ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly
    const optional = property.flags & ts.SymbolFlags.Optional
    // A member keyed by a unique symbol is called `__@name@number`, and the number changes from run to run.
    const plain = property.name.replace(/^__@(\w+)@\d+$/, '[$1]')
    found.set(plain, `${readonly ? 'readonly ' : ''}${optional ? 'optional' : 'required'}`)
  }
  for (const index of checker.getIndexInfosOfType(type)) {
    const key = checker.typeToString(index.keyType)
    found.set(`[${key}]`, `${index.isReadonly ? 'readonly ' : ''}index`)
  }
  return found
}
