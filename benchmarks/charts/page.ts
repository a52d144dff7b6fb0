import type { Size } from '../bundles/sizes.ts'
import type { Series } from '../growth/figures.ts'
import type { Reached } from '../library/targets.ts'
import type { Machine } from '../measuring/machine.ts'
import { quartilesOf } from '../measuring/statistics.ts'
import type { Load } from '../server/main.ts'
import type { Picture } from './growth-charts.ts'

/** What the runs of the benchmarks have written down. */
export interface Runs {
  readonly library: Machine & { readonly command: string; readonly targets: readonly Reached[] }
  readonly sizes: readonly Size[]
  readonly growth: Machine & { readonly command: string; readonly series: readonly Series[] }
  readonly server: Machine & { readonly command: string; readonly loads: readonly Load[] }
}

/** The part of docs/performance.md that is made from figures: everything below its mark. */
export function figuresOf({ library, sizes, growth, server }: Runs, pictures: readonly Picture[]): string {
  return `
## Against the targets

${measuredBy(library)}

A target is how many times as fast as oauth4webapi 3.8.8 this library is to be; of memory, size and import, how many times as
little it is to take. Larger is better everywhere.

| what | engine | target | reached | quartiles | |
| --- | --- | --- | --- | --- | --- |
${library.targets.map(targetRow).join('\n')}

## Size

Bytes of a program for a browser that uses some names, with everything that they need, minified by esbuild
(\`npm run bench:size\`).

| program | of | minified | gzip | brotli |
| --- | --- | --- | --- | --- |
${sizes.map((size) => row([size.name, size.package, size.minified, size.gzip, size.brotli])).join('\n')}

## A resource server under load

${measuredBy(server)}

| server | requests a second | p99 |
| --- | --- | --- |
${server.loads.map(loadRow).join('\n')}

## As work grows

${measuredBy(growth)}

${pictures.map(({ file, title }) => `![${title}](charts/${file})`).join('\n\n')}
`
}

function measuredBy({ command, date, node, processor, load }: Machine & { readonly command: string }): string {
  return `\`${command}\`, on ${date}, with Node ${node} on ${processor}, at a load of ${load}.`
}

function targetRow({ name, engine, target, ratio, quartiles: [low, high] }: Reached): string {
  const verdict = ratio >= target ? 'met' : 'missed'
  return row([name, engine, target.toFixed(2), ratio.toFixed(2), `${low.toFixed(2)}–${high.toFixed(2)}`, verdict])
}

function loadRow({ kind, requests, p99 }: Load): string {
  return row([kind, Math.round(quartilesOf(requests).median), `${quartilesOf(p99).median.toFixed(1)} ms`])
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`
}
