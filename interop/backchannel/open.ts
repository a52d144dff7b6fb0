// A backchannel in a folder of its own, for the tests of this folder.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backchannel, type BackchannelOptions, createBackchannel, embedded } from '@countersign/backchannel'
import type { Relationship } from '../ciba/relationship.ts'

export interface OpenBackchannel {
  backchannel: Backchannel
  /** Closes it, and opens the same folder again: another life of the application. */
  reopen(): Promise<void>
  /** Closes it, and deletes the folder. */
  destroy(): Promise<void>
}

export async function open(
  { as, client, authentication, transport }: Relationship,
  options: Partial<BackchannelOptions> = {},
): Promise<OpenBackchannel> {
  const path = await mkdtemp(join(tmpdir(), 'countersign-interop-'))
  const encryptionKeys = [{ kid: 'of-the-test', key: randomBytes(32) }] as const
  const create = () =>
    createBackchannel({
      as,
      client,
      clientAuthentication: authentication,
      backend: embedded({ path }),
      encryptionKeys,
      jitter: 0,
      ...transport,
      ...options,
      // the two forms of naming a server do not survive being spread
    } as BackchannelOptions)
  const opened: OpenBackchannel = {
    backchannel: await create(),
    async reopen() {
      await opened.backchannel.close()
      opened.backchannel = await create()
    },
    async destroy() {
      await opened.backchannel.close()
      await rm(path, { recursive: true })
    },
  }
  return opened
}
