import { isSecret, shortened } from './secrets.ts'
import { printable } from './terminal.ts'

const WIDE = 110

/** JSON for reading: secrets shortened, one member a line, and lists on one line where they fit. */
export function jsonLines(value: unknown, name = '', indent = ''): string {
  if (typeof value === 'string') {
    return quoted(isSecret(name) ? shortened(value) : value)
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value)
  }
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const parts = Array.isArray(value)
    ? value.map((item) => jsonLines(item, name, inner))
    : Object.entries(value).map(([key, member]) => `${quoted(key)}: ${jsonLines(member, key, inner)}`)
  const oneLine = `${open}${parts.join(', ')}${close}`
  if (parts.length === 0 || (Array.isArray(value) && !oneLine.includes('\n') && oneLine.length <= WIDE)) {
    return oneLine
  }
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}

function quoted(text: string): string {
  return printable(JSON.stringify(text))
}
