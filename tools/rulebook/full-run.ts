import type { TestModule, Vitest } from 'vitest/node'

/** Whether the tests of every file ran: none was left out by its file or name, by a tag, a shard or an interruption. */
export async function isFullRun(vitest: Vitest, modules: readonly TestModule[]): Promise<boolean> {
  const { config } = vitest
  if (vitest.getGlobalTestNamePattern() !== undefined || config.tagsFilter !== undefined) return false
  if (config.cliExclude !== undefined || (config.dir || config.root) !== config.root) return false

  const ended = new Set(modules.filter(hasEnded).map(({ moduleId }) => moduleId))
  const all = await vitest.globTestSpecifications()
  return all.every(({ moduleId }) => ended.has(moduleId))
}

function hasEnded(module: TestModule): boolean {
  const state = module.state()
  return state === 'passed' || state === 'failed' || state === 'skipped'
}
