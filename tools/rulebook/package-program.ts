import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The root of the repository, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url))

/** The sources of the library, with a slash at the end. */
const SOURCES = `${ROOT}packages/countersign/src/`

/**
 * The library as it is published, without its tests: for reading, not for emitting.
 *
 * @param planted Files that exist only here, by their path from the sources; the tests plant faults by them.
 */
export function packageProgram(planted: Readonly<Record<string, string>> = {}): ts.Program {
  const texts = Object.entries(planted).map(([name, text]) => [`${SOURCES}${name}`, text] as const)
  return programOf(`${ROOT}packages/countersign/tsconfig.build.json`, new Map(texts))
}

/** What a `tsconfig.json` is about, and files that exist only here. */
export function programOf(path: string, texts: ReadonlyMap<string, string> = new Map()): ts.Program {
  const configHost: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
    },
  }
  const config = ts.getParsedCommandLineOfConfigFile(path, { noEmit: true }, configHost)
  if (config === undefined) throw new Error(`no ${path}`)

  const host = ts.createCompilerHost(config.options, true)
  const onDisk = host.getSourceFile.bind(host)
  host.getSourceFile = (name, version, ...others) => {
    const text = texts.get(name)
    return text === undefined ? onDisk(name, version, ...others) : ts.createSourceFile(name, text, version, true)
  }
  return ts.createProgram([...config.fileNames, ...texts.keys()], config.options, host)
}

/** The files of the library's own in a program. */
export function libraryFiles(program: ts.Program): ts.SourceFile[] {
  return program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(SOURCES))
}

/**
 * A constant or function that a file exports.
 *
 * @param path The file, from the sources of the library, or of `sources`.
 */
export function exportOf(program: ts.Program, name: string, path: string, sources = SOURCES): ts.Symbol {
  const file = program.getSourceFile(`${sources}${path}`)
  const module = file && program.getTypeChecker().getSymbolAtLocation(file)
  const symbol = module?.exports?.get(ts.escapeLeadingUnderscores(name))
  if (symbol === undefined) throw new Error(`${path} exports no ${name}`)
  return symbol
}

/** What a name or `namespace.name` stands for, followed through imports. */
export function symbolOf(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(ts.isPropertyAccessExpression(node) ? node.name : node)
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

/** Where a node stands: its file, from the root of the repository, and its line. */
export function placeOf(node: ts.Node): { path: string; line: number } {
  const file = node.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(node.getStart())
  return { path: file.fileName.replace(ROOT, ''), line: line + 1 }
}

/** The calls in a file. */
export function callsIn(file: ts.SourceFile): ts.CallExpression[] {
  const calls: ts.CallExpression[] = []
  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node)) calls.push(node)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return calls
}
