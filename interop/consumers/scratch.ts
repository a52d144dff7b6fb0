// Empty projects, as the library's users have them: somewhere else on the disk, with the packed tarball installed.
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PACKAGE = fileURLToPath(new URL('../../packages/countersign/', import.meta.url))
const PROGRAMS = fileURLToPath(new URL('programs/', import.meta.url))

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']

const call = promisify(execFile)

type Variables = Readonly<Record<string, string>>

export interface Project {
  readonly folder: string
  read(name: string): Promise<string>
  write(name: string, text: string): Promise<void>
  /** What a program of the project writes, run by this Node unless `file` names another. */
  run(args: readonly string[], options?: { readonly file?: string; readonly variables?: Variables }): Promise<string>
  remove(): Promise<void>
}

/** The tarball that would be published of the last build, in this folder. */
export async function pack(folder: string): Promise<string> {
  // without the scripts, which would build again under the feet of the tests beside this one
  const { stdout } = await call('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: PACKAGE,
  })
  return join(folder, stdout.trim())
}

/** Whether packages can be had; what is left out otherwise is printed, or fails where nothing may be left out. */
export async function canInstall(what: string): Promise<boolean> {
  try {
    await call('npm', ['view', 'publint@0.3.25', 'name', '--fetch-retries=0', '--fetch-timeout=10000'])
    return true
  } catch (error) {
    if (process.env.COUNTERSIGN_REQUIRE_ALL === '1') {
      throw new Error('npm cannot reach its registry', { cause: error })
    }
    console.log(`skipped: ${what}: npm cannot reach its registry`)
    return false
  }
}

/** A project with these packages, at these versions, and the library in place of `library` too. */
export async function createProject(
  dependencies: Readonly<Record<string, string>>,
  library?: string,
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-consumer-'))
  const tarball = `file:${await pack(folder)}`
  const manifest = {
    private: true,
    dependencies: { countersign: tarball, ...dependencies },
    ...(library !== undefined && { overrides: { [library]: tarball } }),
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  for (const program of await readdir(PROGRAMS)) {
    await copyFile(join(PROGRAMS, program), join(folder, program))
  }
  await call('npm', ['install', '--prefer-offline', ...QUIET], { cwd: folder })
  return {
    folder,
    read: (name) => readFile(join(folder, name), 'utf8'),
    write: (name, text) => writeFile(join(folder, name), text),
    async run(args, { file = process.execPath, variables = {} } = {}) {
      const { HOME = '', PATH = '' } = process.env
      const options = { cwd: folder, env: { HOME, PATH, ...variables }, timeout: 60_000 }
      const { stdout } = await call(file, args, options).catch((error: unknown) => {
        // compilers and test runners complain there
        throw new Error(error instanceof Error && 'stdout' in error ? String(error.stdout) : '', { cause: error })
      })
      return stdout
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

/** A program as it stands in the folder of programs. */
export async function program(name: string): Promise<string> {
  return await readFile(join(PROGRAMS, name), 'utf8')
}
