import { describe, expect, it } from 'vitest'
import { isLeftOut } from '../runtimes/require-all.ts'
import { isInstalled, RUNTIMES } from '../runtimes/runtimes.ts'
import { run } from './run.ts'
import { POLL } from './scenario.ts'

const APPROVED = { outcomes: [{ status: 'approved' }], misconduct: [], authentications: 1 }

describe.each(RUNTIMES.filter(({ name }) => name.startsWith('Node ')))('the embedded store in $name', (runtime) => {
  const leftOut = isLeftOut(runtime.name, isInstalled(runtime), runtime.setup)

  it.skipIf(leftOut)(
    'opens, runs a transaction, and goes on after kill -9 in the middle of a poll',
    async () => {
      const whole = await run(POLL, undefined, runtime.file)
      expect(whole).toMatchObject(APPROVED)
      const point = whole.points.indexOf('after token 400') + 1
      const killed = await run(POLL, point, runtime.file)
      expect(killed).toMatchObject({ ...APPROVED, killed: 'after token 400' })
    },
    120_000,
  )
})
