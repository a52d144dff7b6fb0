import { writeFileSync } from 'node:fs'
import { stop } from 'esbuild-wasm'
import { table } from '../measuring/table.ts'
import { printImports } from '../startup/imports.ts'
import { COMPARED } from './programs.ts'
import { grown, measureSizes, readRecorded, RECORDED, type Size, sizeOf } from './sizes.ts'

interface Settings {
  /** Fails where a size has grown by more than 3 % over the recorded one; measures nothing else. */
  readonly check: boolean
  /** Writes the sizes down. */
  readonly record: boolean
}

/** @returns The exit code. */
export async function main({ check, record }: Settings): Promise<number> {
  const sizes = await measureSizes()
  await stop()
  printSizes(sizes)
  if (record) writeFileSync(RECORDED, `${JSON.stringify(sizes, undefined, 2)}\n`)
  if (!check) {
    await printImports(40)
    return 0
  }
  const faults = grown(sizes, readRecorded())
  for (const fault of faults) console.error(`has grown by more than 3 %: ${fault}`)
  return faults.length === 0 ? 0 : 1
}

function printSizes(sizes: readonly Size[]): void {
  console.log(`\nBytes for a browser, minified by esbuild\n`)
  const rows = sizes.map(({ name, package: of, minified, gzip, brotli }) => [name, of, minified, gzip, brotli])
  console.log(table([['program', 'of', 'minified', 'gzip', 'brotli'], ...rows]))
  console.log(`\nOurs over oauth4webapi's\n`)
  const compared = COMPARED.map(([name]) => {
    const [ours, theirs] = [sizeOf(sizes, name, 'countersign'), sizeOf(sizes, name, 'oauth4webapi')]
    if (ours === undefined || theirs === undefined) throw new Error(`no size of ${name}`)
    const over = (form: 'minified' | 'gzip' | 'brotli') => (ours[form] / theirs[form]).toFixed(3)
    return [name, over('minified'), over('gzip'), over('brotli')]
  })
  console.log(table([['program', 'minified', 'gzip', 'brotli'], ...compared]))
}
