import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { ROOT } from '../../tools/rulebook/package-program.ts'
import { growthPictures } from './growth-charts.ts'
import { figuresOf, type Runs } from './page.ts'

const PAGE = `${ROOT}docs/performance.md`

/** Below this everything is generated. */
const MARK = '<!-- What follows is written by `npm run bench:charts`, from what the benchmarks have recorded. -->'

/** The page and its pictures as they are to be, by their paths. */
export async function documents(): Promise<ReadonlyMap<string, string>> {
  const runs = readRuns()
  const pictures = growthPictures(runs.growth.series)
  const [own = '', generated] = readFileSync(PAGE, 'utf8').split(MARK)
  if (generated === undefined) throw new Error(`${PAGE} has no mark below which figures go`)
  const page = await format(`${own}${MARK}\n${figuresOf(runs, pictures)}`, {
    ...(await resolveConfig(PAGE)),
    filepath: PAGE,
  })
  return new Map([[PAGE, page], ...pictures.map(({ file, svg }) => [`${ROOT}docs/charts/${file}`, svg] as const)])
}

function readRuns(): Runs {
  // each is written by the benchmark beside it
  const read = (path: string): unknown =>
    JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'))
  return {
    library: read('../library/last-run.json'),
    sizes: read('../bundles/sizes.json'),
    growth: read('../growth/last-run.json'),
    server: read('../server/last-run.json'),
  } as Runs
}
