import { readFileSync } from 'node:fs'

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

/** Figures of modules by engine. */
export type FiguresOfEngines = Readonly<Record<Engine, FiguresOfModules>>

/** Reads what was recorded in figures.json. */
export function readFigures(): FiguresOfEngines {
  // written by this tool only, from values of that type
  return JSON.parse(readFileSync(new URL('figures.json', import.meta.url), 'utf8')) as FiguresOfEngines
}

/** The share of the mutants that a test noticed, in percent. */
export function scoreOf({ killed, timeout, survived, noCoverage }: Omit<Figures, 'date'>): number {
  const noticed = killed + timeout
  return (100 * noticed) / (noticed + survived + noCoverage)
}
