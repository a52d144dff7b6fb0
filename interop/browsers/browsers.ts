// Where each browser is, and how it is told to open a page.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'
import type { RunningBrowser } from './running-browser.ts'
import { startWebKit, WEBKIT_FILES } from './webkit.ts'

export interface Browser {
  readonly name: string
  /** What must be there. */
  readonly files: readonly string[]
  /** How to install it on Debian. */
  readonly setup: string
  start(): Promise<RunningBrowser>
}

const CHROMIUM = '/usr/bin/chromium'
const FIREFOX = '/usr/bin/firefox-esr'
const INSTALL = 'apt-get install --no-install-recommends'

export const BROWSERS: readonly Browser[] = [
  {
    name: 'Chromium',
    files: [CHROMIUM],
    setup: `${INSTALL} chromium`,
    async start() {
      // without a sandbox, because it cannot have one as root; and without what it asks the network for by itself
      const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
      const offline = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...args, ...offline] })
      const page = await browser.newPage()
      return {
        async open(url) {
          await page.goto(url)
        },
        close: () => browser.close(),
      }
    },
  },
  {
    name: 'Firefox',
    files: [FIREFOX],
    setup: `${INSTALL} firefox-esr`,
    async start() {
      const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true })
      const page = await browser.newPage()
      return {
        async open(url) {
          await page.goto(url)
        },
        close: () => browser.close(),
      }
    },
  },
  { name: 'WebKit', files: WEBKIT_FILES, setup: `${INSTALL} webkit2gtk-driver xvfb xauth`, start: startWebKit },
]

export function isInstalled({ files }: Browser): boolean {
  return files.every((file) => existsSync(file))
}
