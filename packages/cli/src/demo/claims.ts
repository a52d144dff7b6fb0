import { jsonLines } from './json-lines.ts'
import type { Terminal } from './terminal.ts'

const TIMES = new Set(['exp', 'iat', 'nbf', 'auth_time'])

/** What the library made sure of before it handed a claim of the ID Token over. */
const VALIDATED: Readonly<Record<string, string>> = {
  iss: 'the issuer that was discovered',
  aud: 'this client',
  azp: 'this client',
  sub: 'present, a string',
  exp: 'not over',
  nbf: 'begun',
  iat: 'present, a number',
  auth_time: 'a number',
}

/** Prints claims in two columns, times also as dates, with what was validated about each claim of an ID Token. */
export function printClaims(terminal: Terminal, claims: Readonly<Record<string, unknown>>, idToken: boolean): void {
  const width = Math.max(...Object.keys(claims).map((name) => name.length))
  for (const [name, value] of Object.entries(claims)) {
    const date = TIMES.has(name) && typeof value === 'number' ? `, ${dateOf(value)}` : ''
    const validated = idToken && VALIDATED[name] ? terminal.green(` ✓ ${VALIDATED[name]}`) : ''
    terminal.line(`  ${name.padEnd(width)}  ${terminal.bold(jsonLines(value, name))}${date}${validated}`)
  }
  terminal.line()
}

function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString()
}
