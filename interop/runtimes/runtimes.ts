// Where each runtime is, and how it runs the program.
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Configuration } from './program/configuration.ts'
import { workerConfiguration } from './workerd.ts'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** The variables that the program sees, and no others. */
  readonly env: Readonly<Record<string, string>>
}

export interface Programs {
  /** For Node, Bun and Deno. */
  readonly main: string
  /** For workerd. */
  readonly worker: string
}

export interface Runtime {
  readonly name: string
  readonly file: string
  /** How to install it. */
  readonly setup: string
  /** How to run the program with this configuration; files that it needs for that go to `scratch`. */
  command(programs: Programs, configuration: Configuration, scratch: string): Command | Promise<Command>
}

const SETUP = 'npm run setup:runtimes'
const NODE_OF_THE_MACHINE = process.versions.node.split('.')[0] ?? ''

export const RUNTIMES: readonly Runtime[] = [
  node(NODE_OF_THE_MACHINE, process.execPath),
  ...['22', '24', '26']
    .filter((major) => major !== NODE_OF_THE_MACHINE)
    .map((major) => node(major, installed(`node/node_modules/node${major}/bin/node`))),
  {
    name: 'Bun',
    file: installed('node_modules/@oven/bun-linux-x64/bin/bun'),
    setup: SETUP,
    command({ main }, configuration) {
      const env = { ...variables(configuration), BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', DO_NOT_TRACK: '1' }
      return { file: this.file, args: ['run', '--no-install', main], env }
    },
  },
  {
    name: 'Deno',
    file: installed('node_modules/@deno/linux-x64-glibc/deno'),
    setup: SETUP,
    command({ main }, configuration, scratch) {
      // the two permissions are all that the library needs: it reads no file and no variable of its own
      const args = ['run', '--no-prompt', '--allow-net=127.0.0.1,localhost', '--allow-env=CONFIGURATION']
      const resolution = ['--node-modules-dir=manual', '--no-lock', '--no-remote', '--no-check']
      const env = { ...variables(configuration), DENO_DIR: scratch, DENO_NO_UPDATE_CHECK: '1' }
      return { file: this.file, args: [...args, ...resolution, main], env }
    },
  },
  {
    name: 'workerd',
    file: installed('node_modules/@cloudflare/workerd-linux-64/bin/workerd'),
    setup: SETUP,
    async command({ worker }, configuration, scratch) {
      const folder = await mkdtemp(join(scratch, 'workerd-'))
      await copyFile(worker, join(folder, 'worker.js'))
      await writeFile(join(folder, 'worker.capnp'), workerConfiguration('worker.js', configuration))
      return { file: this.file, args: ['test', join(folder, 'worker.capnp')], env: {} }
    },
  },
]

/** Whether its {@link Runtime.setup} was run; a Node is always there. */
export function isInstalled({ file }: Runtime): boolean {
  return existsSync(file)
}

function node(major: string, file: string): Runtime {
  return {
    name: `Node ${major}`,
    file,
    setup: `${SETUP} -- --node`,
    command({ main }, configuration) {
      return { file, args: [main], env: variables(configuration) }
    },
  }
}

function installed(path: string): string {
  return fileURLToPath(new URL(`../../.runtimes/${path}`, import.meta.url))
}

function variables(configuration: Configuration): Record<string, string> {
  return { CONFIGURATION: JSON.stringify(configuration) }
}
