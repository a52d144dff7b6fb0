import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { documents } from './documents.ts'

/** Writes the figures of the last runs into docs/performance.md, and its charts. */
export async function main(): Promise<void> {
  for (const [path, text] of await documents()) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
