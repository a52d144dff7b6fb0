import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { compile } from '../parity/compiler.ts'
import type { Example } from './example.ts'

/** An example ends where the reader's own program goes on: what it declares need not be used in it. */
const UNUSED: readonly number[] = [6133, 6192, 6196, 6198, 6199]

/** What the compiler, as strict as for our own sources, says about each example; nothing for one that compiles. */
export function compileExamples(examples: readonly Example[]): Map<Example, string[]> {
  const paths = new Map(examples.map((example, index) => [example, pathOf(index)]))
  const virtual = new Map([...paths].map(([example, path]) => [path, example.code]))
  const program = compile({ roots: [...virtual.keys()], virtual })
  return new Map([...paths].map(([example, path]) => [example, complaints(program, path)]))
}

/** Inside the workspace, so that packages resolve from there. */
function pathOf(index: number): string {
  return fileURLToPath(new URL(`example-${index}.ts`, import.meta.url))
}

function complaints(program: ts.Program, path: string): string[] {
  const file = program.getSourceFile(path)
  if (file === undefined) throw new Error(`the compiler did not see ${path}`)
  return ts
    .getPreEmitDiagnostics(program, file)
    .filter(({ code }) => !UNUSED.includes(code))
    .map(({ messageText, start = 0 }) => {
      const { line } = file.getLineAndCharacterOfPosition(start)
      return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
}
