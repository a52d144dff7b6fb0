import { existsSync } from 'node:fs'

/** A server that comes as Debian packages. */
export interface PackagedServer {
  readonly name: string
  /** What must be there. */
  readonly files: readonly string[]
  readonly packages: readonly string[]
}

export function isInstalled({ files }: PackagedServer): boolean {
  return files.every((file) => existsSync(file))
}

/** The command that installs it. */
export function setupOf({ packages }: PackagedServer): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

export function assertInstalled(server: PackagedServer): void {
  if (!isInstalled(server)) {
    throw new Error(`${server.name} is not here; to install it: ${setupOf(server)}`)
  }
}
