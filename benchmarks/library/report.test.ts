import { describe, expect, it } from 'vitest'
import { contenderTable, targetsJson, targetTable } from './report.ts'
import { reached, TIME_TARGETS } from './targets.ts'
import { WORKLOADS } from './workloads/all.ts'

const missed = reached('bearer', 'web', 1.15, { low: 1, median: 1.1, high: 1.2 })
const met = reached('pending poll', 'node sync', 2.2, { low: 2.1, median: 2.2, high: 2.4 })

describe('targetsJson', () => {
  it('has for each target its name, engine, target, ratio and quartiles', () => {
    expect(JSON.parse(targetsJson([missed, met]))).toEqual({
      targets: [
        { name: 'bearer', engine: 'web', target: 1.15, ratio: 1.1, quartiles: [1, 1.2] },
        { name: 'pending poll', engine: 'node sync', target: 2.2, ratio: 2.2, quartiles: [2.1, 2.4] },
      ],
    })
  })
})

describe('targetTable', () => {
  it('says of each target whether it is met, which it is at the target itself', () => {
    const [, first, second] = targetTable([missed, met]).split('\n')
    expect(first).toMatch(/^bearer +web +1\.15 +1\.10 +1\.00–1\.20 +missed$/)
    expect(second).toMatch(/^pending poll +node sync +2\.20 +2\.20 +2\.10–2\.40 +met$/)
  })
})

describe('contenderTable', () => {
  it('compares everybody with oauth4webapi', () => {
    const times = new Map([
      ['countersign (web)', [0.001, 0.002]],
      ['oauth4webapi', [0.003, 0.004]],
    ])
    const [, ours] = contenderTable(times).split('\n')
    expect(ours).toMatch(/^countersign \(web\) +1\.50 µs +2\.50 +2\.25–2\.75$/)
  })
})

it('measures whatever a target is set for', () => {
  expect(Object.keys(WORKLOADS)).toEqual(expect.arrayContaining(TIME_TARGETS.map(({ workload }) => workload)))
})
