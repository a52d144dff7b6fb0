import type { Measurement, Series } from '../growth/figures.ts'
import { type Chart, lineChart } from './line-chart.ts'

/** In words, what grows, and what is done with it. */
const WORDS: Record<Measurement, { across: string; done: string }> = {
  issuers: { across: 'issuers, each with a key of its own', done: 'one ES256 access token validated' },
  keys: { across: 'keys in the set of one issuer', done: 'one ES256 access token validated' },
  transactions: { across: 'transactions that wait', done: 'one begun' },
}

/** A chart for a page. */
export interface Picture {
  /** Of the file, in docs/charts. */
  readonly file: string
  readonly title: string
  readonly svg: string
}

/** The pictures of all that grows: what it takes in time, and in memory. */
export function growthPictures(series: readonly Series[]): readonly Picture[] {
  const measurements = [...new Set(series.map(({ measurement }) => measurement))]
  return measurements.flatMap((measurement) => {
    const { across, done } = WORDS[measurement]
    const own = series.filter((one) => one.measurement === measurement)
    const lines = (valueOf: (point: Series['points'][number]) => number) =>
      own.map(({ subject, points }) => {
        return { name: subject, points: points.map((point) => [point.size, valueOf(point)] as const) }
      })
    return [
      picture(`${measurement}-time`, { title: `${done}, in µs`, across, lines: lines(({ time }) => time * 1000) }),
      picture(`${measurement}-heap`, {
        title: 'heap of all of them, in kB',
        across,
        lines: lines(({ heap, size }) => (heap * size) / 1000),
      }),
    ]
  })
}

function picture(name: string, chart: Chart): Picture {
  return { file: `${name}.svg`, title: `${chart.title}, by ${chart.across}`, svg: lineChart(chart) }
}
