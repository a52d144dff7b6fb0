import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { bundle } from './bundle.ts'
import { type Program, PROGRAMS, sourceOf } from './programs.ts'

/** How many bytes a program has, for a browser, with everything in it. */
export interface Size {
  readonly name: string
  readonly package: string
  readonly minified: number
  readonly gzip: number
  readonly brotli: number
}

/** Where the sizes are written down that later ones are held against. */
export const RECORDED = new URL('sizes.json', import.meta.url)

/** How many times the recorded size is too much. */
const TOLERANCE = 1.03

/** The sizes of some programs, of the published files as they are in `dist`. */
export async function measureSizes(programs: readonly Program[] = PROGRAMS): Promise<readonly Size[]> {
  const sizes: Size[] = []
  for (const program of programs) {
    const bytes = await bundle(sourceOf(program), { minify: true, platform: 'browser', conditions: ['browser'] })
    sizes.push({
      name: program.name,
      package: program.package,
      minified: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      brotli: brotliCompressSync(bytes).length,
    })
  }
  return sizes
}

/** The sizes that were written down. */
export function readRecorded(): readonly Size[] {
  // written by `npm run bench:size -- --record`
  return JSON.parse(readFileSync(RECORDED, 'utf8')) as Size[]
}

/** Of this library, what has grown by more than it may, in words. */
export function grown(now: readonly Size[], recorded: readonly Size[]): readonly string[] {
  return now.flatMap((size) => {
    if (size.package !== 'countersign') return []
    const before = sizeOf(recorded, size.name, size.package)
    if (before === undefined) return [`${size.name}: no size is recorded`]
    const compared = (['minified', 'gzip', 'brotli'] as const).filter((form) => size[form] > before[form] * TOLERANCE)
    return compared.map((form) => `${size.name}, ${form}: ${size[form]} bytes, recorded are ${before[form]}`)
  })
}

/** One of some sizes. */
export function sizeOf(sizes: readonly Size[], name: string, of: string): Size | undefined {
  return sizes.find((size) => size.name === name && size.package === of)
}
