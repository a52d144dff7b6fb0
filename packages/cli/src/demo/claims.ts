import { jsonLines } from './json-lines.ts'
import type { Terminal } from './terminal.ts'

const TIMES = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at'])

/** Prints claims in columns, times also as dates, and the rules that were applied to each. */
export function printClaims(
  terminal: Terminal,
  claims: Readonly<Record<string, unknown>>,
  rulesAbout: (claim: string) => readonly string[],
): void {
  const rows = Object.entries(claims).map(([name, value]) => ({ name, text: textOf(name, value) }))
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const textWidth = Math.max(...rows.map(({ text }) => text.length))
  const lines = rows.map(({ name, text }) => {
    const rules = rulesAbout(name)
    const checks = rules.length === 0 ? '' : terminal.green(`  ✓ ${rules.join(', ')}`)
    return `  ${name.padEnd(nameWidth)}  ${checks ? text.padEnd(textWidth) : text}${checks}`
  })
  terminal.paragraph(...lines)
}

function textOf(name: string, value: unknown): string {
  const date = TIMES.has(name) && typeof value === 'number' ? new Date(value * 1000) : undefined
  const readable = date && !Number.isNaN(date.getTime()) ? ` = ${date.toISOString()}` : ''
  return `${jsonLines(value, name)}${readable}`
}
