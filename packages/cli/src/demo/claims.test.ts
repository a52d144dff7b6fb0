import { expect, it } from 'vitest'
import { printClaims } from './claims.ts'
import { terminalOn } from './terminal.ts'

it('prints claims in columns, times also as dates, and the rules that were applied', () => {
  let printed = ''
  const terminal = terminalOn({ write: (text) => (printed += text) }, {})
  const rules: Record<string, string[]> = { sub: ['id-token.sub'], exp: ['jwt.exp', 'jwt.exp-time'] }
  const claims = { sub: 'anna', exp: 1_700_000_000, auth_time: 1e300, amr: ['swk'] }
  printClaims(terminal, claims, (claim) => rules[claim] ?? [])
  expect(printed.split('\n')).toEqual([
    '  sub        "anna"                                 ✓ id-token.sub',
    '  exp        1700000000 = 2023-11-14T22:13:20.000Z  ✓ jwt.exp, jwt.exp-time',
    '  auth_time  1e+300',
    '  amr        ["swk"]',
    '',
    '',
  ])
})
