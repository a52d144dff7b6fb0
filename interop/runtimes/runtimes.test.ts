import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { testPlatform } from './platform-tests.ts'
import { buildMain, buildWorker } from './programs.ts'
import { startTestProvider, type TestProvider } from './provider.ts'
import { isLeftOut } from './require-all.ts'
import { run } from './run.ts'
import { isInstalled, type Programs, RUNTIMES } from './runtimes.ts'

describe('the published build against a real server', () => {
  let provider: TestProvider
  let programs: Programs
  let scratch: string

  beforeAll(async () => {
    provider = await startTestProvider()
    programs = { main: await buildMain(), worker: await buildWorker() }
    scratch = await mkdtemp(join(tmpdir(), 'countersign-'))
  })

  afterAll(async () => {
    await provider.close()
    await rm(scratch, { recursive: true })
  })

  for (const runtime of RUNTIMES) {
    const { name, setup } = runtime
    const platform = {
      name,
      leftOut: isLeftOut(name, isInstalled(runtime), setup),
      run: async (configuration: Parameters<typeof runtime.command>[1]) => {
        if (!isInstalled(runtime)) {
          throw new Error(`${name} is not here; to install it: ${setup}`)
        }
        return await run(await runtime.command(programs, configuration, scratch))
      },
    }
    testPlatform(platform, () => provider)
  }
})
