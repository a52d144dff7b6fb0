import { readFileSync } from 'node:fs'
import { ROOT } from '../rulebook/package-program.ts'

/** How the mutants of a module fared when they were last tried. */
export interface Figures {
  /** Year, month and day. */
  readonly date: string
  /** Noticed by a test that failed. */
  readonly killed: number
  /** Noticed by a test that did not end. */
  readonly timeout: number
  /** Run by tests, and noticed by none. */
  readonly survived: number
  /** Run by no test. */
  readonly noCoverage: number
}

/** Figures by module. */
export type FiguresOfModules = Readonly<Record<string, Figures>>

/** What can be behind `#engine` in the tests that mutants are shown to. */
export const ENGINES = ['node', 'web'] as const

/** One of them. */
export type Engine = (typeof ENGINES)[number]

/** The file for what is recorded with an engine, from the root of the repository. */
export function figuresPath(engine: Engine): string {
  return `tools/mutation/figures-${engine}.json`
}

/** Reads what was recorded with an engine. */
export function readFigures(engine: Engine): FiguresOfModules {
  // written by this tool only, from values of that type
  return JSON.parse(readFileSync(`${ROOT}${figuresPath(engine)}`, 'utf8')) as FiguresOfModules
}

/** The share of the mutants that a test noticed, in percent. */
export function scoreOf({ killed, timeout, survived, noCoverage }: Omit<Figures, 'date'>): number {
  const noticed = killed + timeout
  return (100 * noticed) / (noticed + survived + noCoverage)
}
