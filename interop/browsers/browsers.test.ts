import { afterAll, beforeAll, describe } from 'vitest'
import { testPlatform } from '../runtimes/platform-tests.ts'
import { buildPage } from '../runtimes/programs.ts'
import { startTestProvider, type TestProvider } from '../runtimes/provider.ts'
import { isLeftOut } from '../runtimes/require-all.ts'
import { BROWSERS, isInstalled } from './browsers.ts'
import type { RunningBrowser } from './running-browser.ts'
import { type PageServer, servePage } from './page-server.ts'

describe('the published build in a page, against a real server of another origin', () => {
  let provider: TestProvider
  let server: PageServer

  beforeAll(async () => {
    provider = await startTestProvider()
    server = await servePage(await buildPage())
  })

  afterAll(async () => {
    await provider.close()
    await server.close()
  })

  for (const browser of BROWSERS) {
    const { name, setup } = browser
    const leftOut = isLeftOut(name, isInstalled(browser), setup)

    describe.skipIf(leftOut)('a page', () => {
      let running: RunningBrowser

      beforeAll(async () => {
        if (!isInstalled(browser)) {
          throw new Error(`${name} is not here; to install it: ${setup}`)
        }
        running = await browser.start()
      })

      afterAll(() => running.close(), 30_000)

      const platform = {
        name,
        leftOut,
        async run(configuration: Parameters<PageServer['outcomeOf']>[0]) {
          const outcome = server.outcomeOf(configuration)
          await running.open(server.url)
          return await outcome
        },
      }
      testPlatform(platform, () => provider)
    })
  }
})
