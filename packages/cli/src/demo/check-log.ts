import type { CheckEvent, Trace } from 'countersign'
import { printable, type Terminal } from './terminal.ts'

/** Every check that the library applied, in order. */
export interface CheckLog {
  /** What the library calls with each check. */
  readonly trace: Trace
  /** How many checks were applied and passed. */
  passed(): number
  /** The rules that were applied to a claim, such as `id-token.iss` to `iss` of an `id-token`. */
  rulesAbout(things: readonly string[], claim: string): string[]
}

/** Collects the checks, and prints each where that was asked for. */
export function checkLog(terminal: Terminal, shown: boolean): CheckLog {
  const events: CheckEvent[] = []
  return {
    trace(event) {
      events.push(event)
      if (shown) {
        terminal.line(`    ${lineOf(terminal, event)}`)
      }
    },
    passed: () => events.filter((event) => event.passed).length,
    rulesAbout(things, claim) {
      const about = things.map((thing) => `${thing}.${claim}`)
      const rules = events
        .map(({ rule }) => rule)
        .filter((rule) => about.includes(rule.replace(/-[a-z]+$/, '')) || about.includes(rule))
      return [...new Set(rules)]
    },
  }
}

function lineOf(terminal: Terminal, { rule, spec, passed, expected, actual }: CheckEvent): string {
  const paragraph = terminal.dim(`(${spec.document}, section ${spec.section})`)
  const wanted = expected === undefined ? '' : `: ${compared(expected)}`
  return passed
    ? `${terminal.green('✓')} ${rule}${wanted} ${paragraph}`
    : `${terminal.red('✗')} ${rule}${wanted}, got ${compared(actual)} ${paragraph}`
}

function compared(value: unknown): string {
  return value === undefined ? 'nothing' : printable(JSON.stringify(value))
}
