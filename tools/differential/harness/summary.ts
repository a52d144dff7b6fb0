import type { Result } from './campaign.ts'
import { ours } from './library.ts'
import { describeResult } from './report.ts'
import { commandFor, type Settings } from './settings.ts'
import { absentFrom, type Topic } from './topic.ts'

/** The figures of a run, as printed and as kept in last-run-*.md. */
export function summary(settings: Settings, results: readonly Result[], topics: readonly Topic[]): string {
  const cases = sum(results, (result) => result.cases)
  const differences = sum(results, ({ findings }) => findings.length)
  const intended = sum(results, ({ accepted }) => [...accepted.values()].reduce((left, right) => left + right, 0))
  const absent = topics.flatMap((topic) =>
    absentFrom(ours, topic).map((name) => `${topic.name}: ${name} is not there yet`),
  )
  return [
    '# Last run of the differential test',
    '',
    `    ${commandFor(settings.engine)} --cases ${settings.cases} --seed ${settings.seed}`,
    '',
    `${cases} cases: ${differences} differences that nobody accepted, ${intended} cases with an intended difference.`,
    '',
    ...results.map((result) => `- ${describeResult(result)}`),
    '',
    absent.length === 0 ? 'Not compared: nothing.' : `Not compared:\n\n${absent.map((line) => `- ${line}`).join('\n')}`,
    '',
  ].join('\n')
}

function sum(results: readonly Result[], figure: (result: Result) => number): number {
  return results.reduce((total, result) => total + figure(result), 0)
}
