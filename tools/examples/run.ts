import { format } from 'node:util'
import { compileFunction } from 'node:vm'
import ts from 'typescript'
import type { Example } from './example.ts'

/** Makes the value for a name that an example declares; it is told all names that the example declares. */
export type Fixture = Readonly<Record<string, (declared: readonly string[]) => unknown>>

/** Runs an example to its end, with a value for each name that it declares. Returns what it wrote to the console. */
export async function runExample(title: string, example: Example, fixture: Fixture): Promise<string[]> {
  const written: string[] = []
  const write = (...values: unknown[]): void => void written.push(format(...values))
  const { imported, declared } = needsOf(example.code)
  const modules = new Map<string, unknown>()
  for (const specifier of imported) {
    modules.set(specifier, await load(specifier))
  }
  const given: Record<string, unknown> = {
    exports: {},
    require: (specifier: string) => modules.get(specifier),
    console: { log: write, warn: write, error: write },
  }
  for (const name of declared) {
    const make = Object.hasOwn(fixture, name) ? fixture[name] : undefined
    if (make === undefined)
      throw new Error(`the example declares ${name}, and tools/examples/fixture.ts has no value for it`)
    given[name] = await make(declared)
  }
  const run = compileFunction(`return (async () => {${transpile(example.code)}\n})()`, Object.keys(given), {
    filename: title,
  })
  const end: unknown = Reflect.apply(run, undefined, Object.values(given))
  await end
  return written
}

/** As CommonJS, so that an example's imports go through a function of ours. */
function transpile(code: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS }
  return ts.transpileModule(code, { compilerOptions }).outputText
}

async function load(specifier: string): Promise<unknown> {
  if (!/^(?:@countersign\/backchannel|countersign)(?:\/|$)/.test(specifier)) {
    throw new Error(`the example imports ${specifier}; examples import what this library publishes`)
  }
  return await import(specifier)
}

/** What an example imports, and what it leaves to its reader: `declare const`, `declare function`. */
function needsOf(code: string): { imported: string[]; declared: string[] } {
  const imported: string[] = []
  const declared: string[] = []
  for (const statement of ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022).statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      imported.push(statement.moduleSpecifier.text)
    }
    if (ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isDeclare)) {
      declared.push(
        ...declarationsOf(statement).flatMap(({ name }) => (name && ts.isIdentifier(name) ? name.text : [])),
      )
    }
  }
  return { imported, declared }
}

function isDeclare({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.DeclareKeyword
}

function declarationsOf(statement: ts.Statement): readonly (ts.VariableDeclaration | ts.FunctionDeclaration)[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations
  return ts.isFunctionDeclaration(statement) ? [statement] : []
}
