import { pathInTools } from './compiler.ts'

/**
 * Two declarations of a `unique symbol` are never assignable to each other, even with the same name. Both packages
 * are therefore compiled as if they imported their symbols from one shared module, which exists only in memory.
 */
export const SHARED_SYMBOLS = pathInTools('in-memory.symbols.d.ts')

const DECLARATION = /export (?:declare )?const (\w+): unique symbol(?:\s*=\s*Symbol(?:\.for)?\([^)]*\))?;?/g

export function importSymbols(text: string): string {
  return text.replace(DECLARATION, (_, name: string) => {
    return `import { ${name} } from '${SHARED_SYMBOLS.replace('.d.ts', '.js')}'; export { ${name} };`
  })
}

export function symbolNames(text: string): string[] {
  return [...text.matchAll(DECLARATION)].map((match) => match[1] ?? '')
}

export function declareSymbols(names: Iterable<string>): string {
  return [...new Set(names)].map((name) => `export declare const ${name}: unique symbol;`).join('\n')
}
