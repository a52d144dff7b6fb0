import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** A program for the type checker, with some modules swapped and some files rewritten on the way in. */
export interface Compilation {
  /** Absolute paths; each is a real file or a key of `virtual`. */
  readonly roots: readonly string[]
  /** Files that exist only here, by absolute path. */
  readonly virtual?: ReadonlyMap<string, string>
  /** Module specifiers that resolve as another one. */
  readonly swap?: ReadonlyMap<string, string>
  /** Sees the text of every file but the compiler's own libraries; its result is what is compiled. */
  readonly rewrite?: (path: string, text: string) => string
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Where virtual files live: inside the workspace, so that packages resolve from them. */
export function pathInTools(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

/** The workspace's own strictness, so that what compiles here compiles for a strict user. */
function workspaceOptions(): ts.CompilerOptions {
  const read = ts.readConfigFile(`${ROOT}tsconfig.base.json`, (path) => ts.sys.readFile(path))
  const parsed = ts.parseJsonConfigFileContent({ ...read.config, files: [] }, ts.sys, ROOT)
  return { ...parsed.options, noEmit: true, customConditions: ['@countersign/source'] }
}

const options = workspaceOptions()
const cachedLibraries = new Map<string, ts.SourceFile | undefined>()

export function compile(compilation: Compilation): ts.Program {
  const host = ts.createCompilerHost(options, true)
  const onDisk = { readFile: host.readFile.bind(host), fileExists: host.fileExists.bind(host) }
  const original = host.getSourceFile.bind(host)

  host.fileExists = (path) => compilation.virtual?.has(path) === true || onDisk.fileExists(path)
  host.readFile = (path) => {
    const text = compilation.virtual?.get(path) ?? onDisk.readFile(path)
    return text === undefined ? undefined : (compilation.rewrite?.(path, text) ?? text)
  }
  host.getSourceFile = (path, languageVersion, onError) => {
    if (!path.includes('/typescript/lib/')) return original(path, languageVersion, onError)
    if (!cachedLibraries.has(path)) cachedLibraries.set(path, original(path, languageVersion, onError))
    return cachedLibraries.get(path)
  }
  host.resolveModuleNameLiterals = (literals, containing, redirected, compilerOptions, file) =>
    literals.map((literal) => {
      const name = compilation.swap?.get(literal.text) ?? literal.text
      const mode = ts.getModeForUsageLocation(file, literal, compilerOptions)
      return ts.resolveModuleName(name, containing, compilerOptions, host, undefined, redirected, mode)
    })

  return ts.createProgram({ rootNames: [...compilation.roots], options, host })
}

/** Every complaint of the compiler, as `file:line sentence`. */
export function complaints(program: ts.Program): string[] {
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const sentence = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    if (diagnostic.file === undefined) return sentence
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
    return `${diagnostic.file.fileName.replace(ROOT, '')}:${line + 1} ${sentence}`
  })
}

/** The file that a specifier stands for, when imported from the tools. */
export function locate(specifier: string): string {
  const from = pathInTools('compiler.ts')
  const found = ts.resolveModuleName(
    specifier,
    from,
    options,
    ts.sys,
    undefined,
    undefined,
    ts.ModuleKind.ESNext,
  ).resolvedModule
  if (found === undefined) throw new Error(`no module ${specifier}`)
  return found.resolvedFileName
}
