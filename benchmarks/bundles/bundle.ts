import { build, type BuildOptions, type BuildResult } from 'esbuild-wasm'
import { ROOT } from '../../tools/rulebook/package-program.ts'

/** One ES module of everything that some lines of a program need, which stands in the root of the repository. */
export async function bundle(program: string, options: BuildOptions): Promise<Uint8Array> {
  const result: BuildResult<{ write: false }> = await build({
    stdin: { contents: program, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    ...options,
    write: false,
  })
  const [file] = result.outputFiles
  if (file === undefined) throw new Error('esbuild made no file')
  return file.contents
}
