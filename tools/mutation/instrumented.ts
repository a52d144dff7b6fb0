import type { Logger } from '@stryker-mutator/api/logging'
import { Instrumenter, type InstrumenterOptions } from '@stryker-mutator/instrumenter'
import { strykerPlugins } from './ignore-messages.mjs'

const nothing = (): void => undefined
const silent: Logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
}

/** A mutant, by the part of a text that it replaces. */
export interface Mutant {
  readonly mutator: string
  readonly original: string
  readonly replacement: string
}

/** The mutants of a text that are tried, for the tests of what is added to and left out of Stryker's. */
export async function mutantsOf(content: string): Promise<Mutant[]> {
  const ignorers = strykerPlugins.map(({ value }) => value)
  const options: InstrumenterOptions = { plugins: null, excludedMutations: [], ignorers, noHeader: true }
  const { mutants } = await new Instrumenter(silent).instrument([{ name: 'a.ts', content, mutate: true }], options)
  const tried = mutants.filter(({ status }) => status !== 'Ignored')
  return tried.map(({ location: { start, end }, mutatorName, replacement }) => ({
    mutator: mutatorName,
    original: content.split('\n')[start.line]?.slice(start.column, end.column) ?? '',
    replacement,
  }))
}
