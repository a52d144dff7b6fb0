import { isInstalled, type PackagedServer, setupOf } from '@countersign/cli/servers'
import { isLeftOut } from '../runtimes/require-all.ts'

/** Whether the tests against it are left out, which is said aloud. */
export function isServerLeftOut(server: PackagedServer): boolean {
  return isLeftOut(server.name, isInstalled(server), setupOf(server))
}
