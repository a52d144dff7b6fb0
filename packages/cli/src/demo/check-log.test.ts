import { expect, it } from 'vitest'
import { checkLog } from './check-log.ts'
import { terminalOn } from './terminal.ts'

const spec = { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' }
const events = [
  { rule: 'jwt.iss', spec, passed: true, expected: 'a string' },
  { rule: 'id-token.iss-present', spec, passed: true },
  { rule: 'jwt.iss', spec, passed: true },
  { rule: 'id-token.issue', spec, passed: true },
  { rule: 'id-token.iss', spec, passed: false, expected: 'https://op.example', actual: undefined },
]

function logged(shown: boolean) {
  let printed = ''
  const log = checkLog(terminalOn({ write: (text) => (printed += text) }, {}), shown)
  events.forEach(log.trace)
  return { log, printed }
}

it('counts the checks that passed, and finds those about a claim', () => {
  const { log, printed } = logged(false)
  expect(printed).toBe('')
  expect(log.passed()).toBe(4)
  expect(log.rulesAbout(['jwt', 'id-token'], 'iss')).toEqual(['jwt.iss', 'id-token.iss-present', 'id-token.iss'])
  expect(log.rulesAbout(['userinfo'], 'iss')).toEqual([])
})

it('prints each check where that was asked for', () => {
  const lines = logged(true).printed.split('\n')
  expect(lines[0]).toBe('    ✓ jwt.iss: "a string" (OpenID Connect Core 1.0, section 3.1.3.7 (2))')
  expect(lines[4]).toBe(
    '    ✗ id-token.iss: "https://op.example", got nothing (OpenID Connect Core 1.0, section 3.1.3.7 (2))',
  )
})
