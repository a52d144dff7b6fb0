// Where each runtime is, and how it runs the sign-in program.
import { existsSync } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Programs } from './programs.ts'
import type { SignInConfiguration } from './sign-in.ts'
import { workerConfiguration } from './workerd.ts'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** The variables that the program sees, and no others. */
  readonly env: Readonly<Record<string, string>>
}

export interface Runtime {
  readonly name: string
  readonly file: string
  /** How to run the program with this configuration; files that it needs for that go to `scratch`. */
  command(programs: Programs, configuration: SignInConfiguration, scratch: string): Command | Promise<Command>
}

export const RUNTIMES: readonly Runtime[] = [
  {
    name: 'Node',
    file: process.execPath,
    command({ main }, configuration) {
      return { file: this.file, args: [main], env: variables(configuration) }
    },
  },
  {
    name: 'Bun',
    file: installed('@oven/bun-linux-x64/bin/bun'),
    command({ main }, configuration) {
      const env = { ...variables(configuration), BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', DO_NOT_TRACK: '1' }
      return { file: this.file, args: ['run', '--no-install', main], env }
    },
  },
  {
    name: 'Deno',
    file: installed('@deno/linux-x64-glibc/deno'),
    command({ main }, configuration, scratch) {
      // the two permissions are all that the library needs: it reads no file and no variable of its own
      const args = ['run', '--no-prompt', '--allow-net=127.0.0.1,localhost', '--allow-env=SIGN_IN']
      const resolution = ['--node-modules-dir=manual', '--no-lock', '--no-remote', '--no-check']
      const env = { ...variables(configuration), DENO_DIR: scratch, DENO_NO_UPDATE_CHECK: '1' }
      return { file: this.file, args: [...args, ...resolution, main], env }
    },
  },
  {
    name: 'workerd',
    file: installed('@cloudflare/workerd-linux-64/bin/workerd'),
    async command({ worker }, configuration, scratch) {
      await copyFile(worker, join(scratch, 'worker.js'))
      await writeFile(join(scratch, 'worker.capnp'), workerConfiguration('worker.js', configuration))
      return { file: this.file, args: ['test', join(scratch, 'worker.capnp')], env: {} }
    },
  },
]

/** Whether `npm run setup:runtimes` was run; a Node is always there. */
export function isInstalled({ file }: Runtime): boolean {
  return existsSync(file)
}

function installed(path: string): string {
  return fileURLToPath(new URL(`../../.runtimes/node_modules/${path}`, import.meta.url))
}

function variables(configuration: SignInConfiguration): Record<string, string> {
  return { SIGN_IN: JSON.stringify(configuration) }
}
