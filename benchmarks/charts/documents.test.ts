import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { documents } from './documents.ts'
import { lineChart } from './line-chart.ts'

it('docs/performance.md and its charts are of the last recorded runs; `npm run bench:charts` writes them', async () => {
  for (const [path, text] of await documents()) expect(existsSync(path) && readFileSync(path, 'utf8'), path).toBe(text)
})

it('draws each line through its points, the larger the higher, and zero on the ground', () => {
  const points = [
    [10, 0],
    [100, 50],
    [1000, 100],
  ] as const
  const svg = lineChart({ title: 'a < b', across: 'number', lines: [{ name: 'one', points }] })
  const dots = [...svg.matchAll(/<circle class="dot0" cx="([\d.]+)" cy="([\d.]+)" r="3\.5"\/>/g)].map(([, x, y]) => {
    return [Number(x), Number(y)]
  })
  expect(dots).toEqual([
    [64, 256],
    [340, 156],
    [616, 56],
  ])
  expect(svg).toContain('a &#60; b')
})
