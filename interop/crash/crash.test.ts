import { describe, expect, it } from 'vitest'
import { inParallel, type Run, run } from './run.ts'
import { POLL, type Scenario, SCENARIOS } from './scenario.ts'

/*
 * kill -9 at every write and every request of a client, and start it again: there is one outcome, the right one, and the
 * server was asked by the rules. COUNTERSIGN_CRASH=all for every scenario, which takes minutes.
 */

const scenarios = process.env.COUNTERSIGN_CRASH === 'all' ? SCENARIOS : [POLL]

/** So many runs at the same time. */
const WIDTH = 3

describe.each(scenarios)('a client that is killed anywhere, $name', { timeout: 600_000 }, (scenario) => {
  it('ends as it should', async () => {
    const whole = await run(scenario)
    expect(whole.outcomes).toEqual([rightOutcome(scenario)])
    expect(whole.misconduct).toEqual([])

    const hit = new Map<string, string>()
    await inParallel(whole.points.length, WIDTH, async (number) => {
      const life = await run(scenario, number)
      const where = `point ${number}, ${life.killed ?? 'not reached'}`
      if (life.killed !== undefined) hit.set(where, describeEnd(life))
      holds(scenario, life, where)
    })
    console.log(`${scenario.name}: killed at ${hit.size} of ${whole.points.length} points`)
    console.log([...hit].map(([where, end]) => `  ${where}: ${end}`).join('\n'))
    expect(hit.size).toBeGreaterThan(10)
  })
})

function describeEnd({ outcomes, notTaken }: Run): string {
  return outcomes[0]?.status ?? notTaken ?? 'nothing'
}

function rightOutcome({ answer, dpop }: Scenario) {
  return expect.objectContaining({ status: answer === 'approve' ? 'approved' : 'refused', DPoP: dpop ?? false })
}

function holds(scenario: Scenario, life: Run, where: string): void {
  const { killed, outcomes, notTaken, misconduct } = life
  // callbacks come at their own time, so that runs in ping and push mode are not all of one length
  if (scenario.mode === 'poll') expect(killed, where).toBeDefined()
  expect(misconduct, where).toEqual([])
  expect(life.authentications, where).toBeLessThanOrEqual(1)

  // who dies with the outcome in its hands has had it
  const wasTaken = killed === 'after replace taken'
  expect(outcomes.length, where).toBe(wasTaken ? 0 : 1)
  if (wasTaken) return expect(notTaken, where).toBe('BACKCHANNEL_OUTCOME_TAKEN')

  const [outcome] = outcomes
  expect([outcome?.status], where).toEqual([expectedStatus(scenario, life)])
}

/** What the transaction has to end as, by where the client was killed. */
function expectedStatus(scenario: Scenario, { killed = '', points, delivered }: Run): string {
  const { mode, answer, pendingAnswers } = scenario
  const right = answer === 'approve' ? 'approved' : 'refused'
  const marked = points.includes('after create starting')
  const acknowledged = points.includes('after replace pending') || points.includes('after replace answered')
  const sent = points.includes('after backchannel 200')
  if (marked && !acknowledged) {
    // a callback tells that the server took the request; in poll mode nothing does
    if (mode === 'poll' || !sent) return 'unacknowledged'
    if (mode === 'ping') return right
  }
  // the server pushes once: what met a process that was about to die, and was not stored, is lost
  if (mode === 'push') return delivered || points.includes('after replace answered') ? right : 'expired'
  if (answer === 'approve') return killed === 'after token 200' || killed === 'before replace answered' ? 'lost' : right
  // a refusal after an answer that nobody knows may be that of a server whose tokens were in that answer
  return isUnanswered(points) && tokenAnswers(points) >= pendingAnswers ? 'lost' : right
}

/** Whether the process ended between the mark before a token request and the storing of what was answered. */
function isUnanswered(points: readonly string[]): boolean {
  const last = points.filter((point) => /^after (replace|create)/.test(point)).at(-1)
  return last === 'after replace polling'
}

function tokenAnswers(points: readonly string[]): number {
  return points.filter((point) => point.startsWith('after token')).length
}
