import { readFileSync } from 'node:fs'
import type ts from 'typescript'
import { appliedRules } from './applied-rules.ts'
import type { DeclaredRule, Fault } from './declared-rule.ts'
import { packageProgram, ROOT } from './package-program.ts'
import { readDeclarations } from './read-declarations.ts'
import { bySpecification, OWN_DOCUMENT } from './specification-order.ts'

/** Every rule of the library, by specification and section, and what is wrong with them. */
export interface Rulebook {
  readonly rules: readonly DeclaredRule[]
  readonly faults: readonly Fault[]
}

/** Reads the rulebook out of the library's sources. */
export function readRulebook(program: ts.Program = packageProgram()): Rulebook {
  const { rules, faults } = readDeclarations(program)
  const applied = appliedRules(program)
  const declared = [...rules.values()]
  const headings = headingsOf(readFileSync(`${ROOT}SECURITY.md`, 'utf8'))
  const found = [...rules].flatMap(([symbol, rule]) => {
    const wrong = [...formFaults(rule, headings), ...duplicates(rule, declared)]
    if (!applied.has(symbol)) wrong.push('is never applied: no check() gets it')
    return wrong.map((fault) => ({ path: rule.path, line: rule.line, fault: `${rule.name} ${fault}` }))
  })
  return {
    rules: declared.sort((left, right) => bySpecification(left, right) || (left.id < right.id ? -1 : 1)),
    faults: [...faults, ...found],
  }
}

/** `thing.member`, and behind a hyphen the aspect where one member has several rules. */
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[A-Za-z][\w#]*(?:-[a-z0-9]+)*$/

function formFaults(rule: DeclaredRule, headings: readonly string[]): string[] {
  const { id, section, sentence, remedy, document } = rule
  const ownHeading =
    document === OWN_DOCUMENT ? headings.includes(section) : /^(?:\d+|[A-Z])(?:\.\d+)*(?: \(\d+\))?$/.test(section)
  return [
    ...(ID.test(id) ? [] : [`has the id "${id}", which is not of the form thing.member-aspect`]),
    ...(/^[A-Z`].*\.$/.test(sentence) ? [] : ['has a docstring without a sentence that says what holds']),
    ...(/.\.$/.test(remedy) ? [] : ['has a docstring without a sentence behind "Remedy:"']),
    ...(ownHeading ? [] : [`cites "${section}", which is no section`]),
  ]
}

function duplicates(rule: DeclaredRule, all: readonly DeclaredRule[]): string[] {
  const others = all.filter((other) => other !== rule)
  return [
    ...(others.some(({ id }) => id === rule.id) ? [`has the id "${rule.id}", which another rule has`] : []),
    ...(others.some(({ name }) => name === rule.name) ? ['has the name of another rule'] : []),
  ]
}

function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
}
