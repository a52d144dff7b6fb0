import { expect, it } from 'vitest'
import { ID_TOKEN_VALIDATED, printClaims } from './claims.ts'
import { terminalOn } from './terminal.ts'

it('prints claims in columns, times also as dates, and what was validated', () => {
  let printed = ''
  const terminal = terminalOn({ write: (text) => (printed += text) }, {})
  printClaims(terminal, { sub: 'anna', exp: 1_700_000_000, auth_time: 1e300, amr: ['swk'] }, ID_TOKEN_VALIDATED)
  expect(printed.split('\n')).toEqual([
    '  sub        "anna"                                 ✓ present, a string',
    '  exp        1700000000 = 2023-11-14T22:13:20.000Z  ✓ not over',
    '  auth_time  1e+300                                 ✓ a number',
    '  amr        ["swk"]',
    '',
    '',
  ])
})
