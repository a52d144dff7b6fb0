import { type Example, fencesOf } from './example.ts'

const HEADING = /^#+ (.*)$/gm

/** The examples of a document, each under the heading before it. */
export function examplesOfMarkdown(file: string, text: string): Example[] {
  const headings = [...text.matchAll(HEADING)]
  return fencesOf(text).map(({ index, ...fence }) => {
    const heading = headings.filter((candidate) => candidate.index < index).at(-1)
    return { file, subject: `"${heading?.[1] ?? ''}"`, ...fence }
  })
}
