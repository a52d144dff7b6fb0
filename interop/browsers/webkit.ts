// WebKitGTK by its own driver, over plain WebDriver; it needs a display, which Xvfb is.
import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@countersign/cli/servers'
import type { RunningBrowser } from './running-browser.ts'

const DRIVER = '/usr/bin/WebKitWebDriver'
const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'
const DISPLAY = '/usr/bin/xvfb-run'

export const WEBKIT_FILES = [DRIVER, BROWSER, DISPLAY, '/usr/bin/Xvfb', '/usr/bin/xauth']

export async function startWebKit(): Promise<RunningBrowser> {
  const port = await freePort()
  // a process group of its own, so that the display and the browser end with the driver
  const driver = spawn(DISPLAY, ['-a', DRIVER, `--port=${port}`], { detached: true, stdio: 'ignore' })
  const origin = `http://127.0.0.1:${port}`
  try {
    await isReady(origin, driver)
    const options = { binary: BROWSER, args: ['--automation'] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } }
    const { sessionId } = await command(`${origin}/session`, 'POST', { capabilities })
    const session = `${origin}/session/${String(sessionId)}`
    return {
      async open(url) {
        await command(`${session}/url`, 'POST', { url })
      },
      async close() {
        await command(session, 'DELETE')
        await end(driver)
      },
    }
  } catch (error) {
    await end(driver)
    throw error
  }
}

/** W3C WebDriver §6: the answer is in `value`, errors too. */
async function command(url: string, method: string, parameters?: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method, ...(parameters && { body: JSON.stringify(parameters) }) })
  // the answer of a WebDriver that works
  const { value } = (await response.json()) as { value: Record<string, unknown> | null }
  if (!response.ok) {
    throw new Error(`WebKitWebDriver answered ${response.status}: ${JSON.stringify(value)}`)
  }
  return value ?? {}
}

async function isReady(origin: string, driver: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100 && driver.exitCode === null; tries++) {
    const status = await fetch(`${origin}/status`).catch(() => undefined)
    if (status?.ok) {
      return
    }
    await delay(100)
  }
  throw new Error('WebKitWebDriver does not answer')
}

async function end(driver: ChildProcess): Promise<void> {
  if (driver.pid === undefined || driver.exitCode !== null) {
    return
  }
  const ended = new Promise((resolve) => driver.once('exit', resolve))
  process.kill(-driver.pid, 'SIGTERM')
  await ended
}
