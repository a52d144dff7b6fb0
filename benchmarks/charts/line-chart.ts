import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'

/** A line by its name. */
export interface Line {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** What a chart shows. */
export interface Chart {
  readonly title: string
  /** What stands along the lower side, whose steps are powers of ten. */
  readonly across: string
  readonly lines: readonly Line[]
}

const WIDTH = 640
const HEIGHT = 300
const MARGIN = { top: 56, right: 24, bottom: 44, left: 64 }

/** Colours that stand out from a light page, and from a dark one; the same for the same place. */
const COLOURS = [
  ['#0b5cad', '#6cb6ff'],
  ['#a84300', '#f0883e'],
] as const

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:14px}.grid{stroke:#d1d9e0}
path{fill:none;stroke-width:2}${COLOURS.map(([light], place) => coloured(place, light)).join('')}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}${COLOURS.map(([, dark], place) => coloured(place, dark)).join('')}}`

function coloured(place: number, colour: string): string {
  return `.line${place}{stroke:${colour}}.dot${place}{fill:${colour}}`
}

/** An SVG picture of lines, on a page of either colour scheme. */
export function lineChart({ title, across, lines }: Chart): string {
  const points = lines.flatMap((one) => one.points)
  const sizes = points.map(([size]) => size)
  const x = scaleLog([Math.min(...sizes), Math.max(...sizes)], [MARGIN.left, WIDTH - MARGIN.right])
  const highest = Math.max(...points.map(([, value]) => value))
  const y = scaleLinear([0, highest], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(5)
  const path = line(
    ([size]) => x(size),
    ([, value]) => y(Math.max(0, value)),
  )
  const steps = y.ticks(5).map((value) => {
    const at = y(value)
    const grid = `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}"/>`
    return `${grid}<text x="${MARGIN.left - 8}" y="${at + 4}" text-anchor="end">${value.toLocaleString('en')}</text>`
  })
  const columns = [...new Set(sizes)].map((size) => {
    return `<text x="${round(x(size))}" y="${HEIGHT - 24}" text-anchor="middle">${size.toLocaleString('en')}</text>`
  })
  const drawn = lines.map(({ points: own }, place) => {
    const dots = own.map(([size, value]) => {
      return `<circle class="dot${place}" cx="${round(x(size))}" cy="${round(y(Math.max(0, value)))}" r="3.5"/>`
    })
    const shape = path(own.map(([size, value]): [number, number] => [size, value])) ?? ''
    return `<path class="line${place}" d="${shape}"/>${dots.join('')}`
  })
  const names = lines.map(({ name }, place) => {
    const at = MARGIN.left + place * 200
    return `<circle class="dot${place}" cx="${at}" cy="38" r="5"/><text x="${at + 10}" y="42">${escaped(name)}</text>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${MARGIN.left}" y="20">${escaped(title)}</text>`,
    ...names,
    ...steps,
    ...columns,
    `<text x="${WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(across)}</text>`,
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
