import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { examplesOfDocstrings } from './docstrings.ts'
import type { Example } from './example.ts'
import { examplesOfMarkdown } from './markdown.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The text of a file, by its path from the root of the repository. */
export function textOf(file: string): string {
  return readFileSync(ROOT + file, 'utf8')
}

/** Every example that a user of the library may read: in docstrings, in the README, in the documents. */
export function findExamples(): Example[] {
  const sources = filesIn('packages/countersign/src', /(?<!\.test)\.ts$/)
  const documents = ['README.md', 'packages/countersign/README.md', ...filesIn('docs', /\.md$/)]
  return [
    ...sources.flatMap((file) => examplesOfDocstrings(file, textOf(file))),
    ...documents.flatMap((file) => examplesOfMarkdown(file, textOf(file))),
  ]
}

function filesIn(folder: string, name: RegExp): string[] {
  const paths = readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
  return paths
    .filter((path) => name.test(path))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort()
}
