/** A piece of TypeScript in a docstring or a document, which a reader may copy. */
export interface Example {
  /** Path of the file that it stands in, from the root of the repository. */
  readonly file: string
  /** What it stands under: the documented symbol, or the heading. */
  readonly subject: string
  readonly code: string
  /** The source file that it quotes, from the root of the repository; an example that quotes none is a whole program. */
  readonly quotes?: string
}

interface Fence {
  readonly code: string
  readonly quotes?: string
  /** Where it begins in the text that it was found in. */
  readonly index: number
}

const OPENING = /^ *```(?:ts|typescript|js|javascript)\b/gm
const WHOLE = /^ *```(?:ts|typescript|js|javascript)\b *(\S*)\n([^]*?)^ *```$/gm

/** The fenced code of a text in Markdown; behind the language, a path says which file the code is quoted from. */
export function fencesOf(text: string): Fence[] {
  const fences = [...text.matchAll(WHOLE)].map(({ 1: path = '', 2: code = '', index }) => ({
    code,
    index,
    ...(path && { quotes: path }),
  }))
  if (fences.length !== [...text.matchAll(OPENING)].length) throw new Error('code whose fence does not end')
  return fences
}

/** Each example behind its title; where several stand under one name, the second and later ones have a number. */
export function titlesOf(examples: readonly Example[]): [string, Example][] {
  const seen = new Map<string, number>()
  return examples.map((example) => {
    const name = `${example.file} ${example.subject}`
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    return [number === 1 ? name : `${name} (${number})`, example]
  })
}
