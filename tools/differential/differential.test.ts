import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Result, run } from './harness/campaign.ts'
import { freeze, thaw } from './harness/clock.ts'
import { ours, theirs } from './harness/library.ts'
import { describeFinding, describeResult } from './harness/report.ts'
import { readSettings, share } from './harness/settings.ts'
import { summary } from './harness/summary.ts'
import { absentFrom } from './harness/topic.ts'
import { topics } from './topics/index.ts'

const settings = readSettings(process.env)
const wanted = topics.filter(({ name }) => settings.topic === undefined || settings.topic === name)
const compared = wanted.filter((topic) => absentFrom(ours, topic).length === 0)
const total = compared.reduce((sum, { weight }) => sum + weight, 0)
const results: Result[] = []

/** Generous: a case takes a few milliseconds, and shrinking some hundred cases more. */
const timeout = 60_000 + settings.cases * 40

describe(`both libraries, seed ${settings.seed}`, () => {
  beforeAll(freeze)
  afterAll(() => {
    thaw()
    const text = summary(settings, results, wanted)
    console.log(text)
    if (settings.record !== undefined) writeFileSync(settings.record, text)
  })

  it('have topics to be compared in', () => {
    expect(compared).not.toEqual([])
  })

  it.each(compared)('agree about every $name', { timeout }, async (topic) => {
    const { seed, path } = settings
    const cases = share(settings.cases, topic.weight, total)
    const result = await run({ topic, theirs, ours, cases, seed, path, limit: 12 })
    results.push(result)
    expect(
      result.findings.map((one) => describeFinding(one, settings.engine)).join('\n\n'),
      describeResult(result),
    ).toBe('')
  })
})
