import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startingRecord } from '../testing/records.ts'
import { holdsToTheStoreContract } from '../testing/store-contract.ts'
import { openLevelStore } from './level-store.ts'

async function scratch(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'countersign-store-'))
}

holdsToTheStoreContract('embedded', async () => {
  const path = await scratch()
  return { open: () => openLevelStore(path), destroy: () => rm(path, { recursive: true }) }
})

describe('the embedded store', () => {
  let path: string

  beforeEach(async () => {
    path = await scratch()
  })

  afterEach(() => rm(path, { recursive: true }))

  it('makes its folder, for its owner only', async () => {
    const folder = join(path, 'a', 'b')
    await (await openLevelStore(folder)).close()
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect(await readdir(folder)).toContain('CURRENT')
  })

  it('is told from a folder that this process has open', async () => {
    const store = await openLevelStore(path)
    await expect(openLevelStore(path)).rejects.toMatchObject({
      name: 'BackchannelError',
      code: 'BACKCHANNEL_STORE_IN_USE',
    })
    await store.close()
    await (await openLevelStore(path)).close()
  })

  it('is told from a folder that another process has open', async () => {
    const store = await openLevelStore(path)
    const program = `
      import { ClassicLevel } from 'classic-level'
      await new ClassicLevel(${JSON.stringify(path)}).open().catch((error) => console.log(error.cause.code))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
    expect(stdout.trim()).toBe('LEVEL_LOCKED')
    await store.close()
  })

  it('can be closed twice', async () => {
    const store = await openLevelStore(path)
    await store.create(startingRecord())
    await Promise.all([store.close(), store.close()])
    await store.close()
  })
})
