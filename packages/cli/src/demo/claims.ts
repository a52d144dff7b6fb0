import { jsonLines } from './json-lines.ts'
import type { Terminal } from './terminal.ts'

const TIMES = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at'])

type Validated = Readonly<Partial<Record<string, string>>>

/** What the library made sure of before it handed the claims of an ID Token over. */
export const ID_TOKEN_VALIDATED: Validated = {
  iss: 'the issuer that was discovered',
  aud: 'this client',
  azp: 'this client',
  sub: 'present, a string',
  exp: 'not over',
  nbf: 'begun',
  iat: 'present, a number',
  auth_time: 'a number',
}

/** The same for a UserInfo answer. */
export const USER_INFO_VALIDATED: Validated = { sub: 'the same as in the ID Token' }

/** Prints claims in columns, times also as dates, and what was validated about each. */
export function printClaims(terminal: Terminal, claims: Readonly<Record<string, unknown>>, validated: Validated): void {
  const rows = Object.entries(claims).map(([name, value]) => ({ name, text: textOf(name, value) }))
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const textWidth = Math.max(...rows.map(({ text }) => text.length))
  for (const { name, text } of rows) {
    const check = validated[name] === undefined ? '' : terminal.green(`  ✓ ${validated[name]}`)
    terminal.line(`  ${name.padEnd(nameWidth)}  ${check ? text.padEnd(textWidth) : text}${check}`)
  }
  terminal.line()
}

function textOf(name: string, value: unknown): string {
  const date = TIMES.has(name) && typeof value === 'number' ? new Date(value * 1000) : undefined
  const readable = date && !Number.isNaN(date.getTime()) ? ` = ${date.toISOString()}` : ''
  return `${jsonLines(value, name)}${readable}`
}
