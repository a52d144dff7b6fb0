import { afterEach, expect } from 'vitest'
import { type Opened, opened, PARAMETERS } from './opened.ts'

/** What the test that runs has opened; after each test, its server must have seen no misconduct. */
export let all: Opened

afterEach(() => {
  expect(all.server.misconduct).toEqual([])
})

/** Opens it. */
export async function open(...options: Parameters<typeof opened>): Promise<void> {
  all = await opened(...options)
}

/** Opens it, begins a transaction, and gives its ID. */
export async function begun(...options: Parameters<typeof opened>): Promise<string> {
  await open(...options)
  return (await all.backchannel.start({ parameters: PARAMETERS })).id
}
