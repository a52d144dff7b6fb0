// The declarations of the packed tarball, as the oldest TypeScript that is supported reads them, and the newest.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canInstall, createProject, pack, program, type Project } from './scratch.ts'

/** Before 4.9, `Lowercase<string>` could not say what the names of members are. */
const VERSIONS = {
  '@types/node': '20.19.43',
  oldest: 'npm:typescript@4.9.5',
  newest: 'npm:typescript@7.0.2',
}

const COMPILERS = [
  ['oldest', 'node16', 'node16'],
  ['newest', 'nodenext', 'nodenext'],
  ['newest', 'esnext', 'bundler'],
] as const

const LIBRARIES = [
  ['lib.dom alone', ['--lib', 'ES2022,DOM,DOM.Iterable', '--typeRoots', 'none']],
  ['@types/node alone', ['--lib', 'ES2022', '--types', 'node']],
] as const

const STRICT = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--target', 'ES2022']

/** One program of both kinds of modules, which give each other what the library gave them. */
const MIXED = `
import { customFetch } from 'countersign'
import * as imported from './types.mjs'
import * as required from './required-types.cjs'
const server: typeof imported.as = required.as
imported.withFetch(customFetch)
required.withFetch(customFetch)
export const mixed = [imported.redeem, required.redeem, server]
`

const reachable = await canInstall('the declarations under the oldest and the newest TypeScript')

describe.skipIf(!reachable)('the declarations of the packed tarball', () => {
  let project: Project

  beforeAll(async () => {
    project = await createProject(VERSIONS)
    await project.write('required-types.cts', await program('types.mts'))
    await project.write('mixed.mts', MIXED)
    // resolution as it was before packages had `exports`, which has no modules in the sense of Node
    await project.write('commonjs.ts', await program('types.mts'))
  })

  afterAll(() => project.remove())

  /** What the compiler complains of: nothing. */
  async function complaints(compiler: string, args: readonly string[]): Promise<string> {
    const { bin } = manifestOf(await project.read(`node_modules/${compiler}/package.json`))
    return await project.run([`node_modules/${compiler}/${bin.tsc}`, ...STRICT, ...args])
  }

  describe.each(COMPILERS)(
    'with the %s TypeScript, --module %s, --moduleResolution %s',
    (compiler, module, resolution) => {
      it.each(LIBRARIES)('compile with %s', async (_name, library) => {
        const files = ['types.mts', 'required-types.cts', 'mixed.mts']
        const args = [...library, '--module', module, '--moduleResolution', resolution, ...files]
        expect(await complaints(compiler, args)).toBe('')
      })
    },
  )

  it('compile with the oldest TypeScript and its oldest resolution', async () => {
    const args = [...LIBRARIES[1][1], '--module', 'commonjs', '--moduleResolution', 'node', 'commonjs.ts']
    expect(await complaints('oldest', args)).toBe('')
  })
})

describe('the package itself', () => {
  let folder: string
  let tarball: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-package-'))
    tarball = await pack(folder)
  })

  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['publint', ['run', '--strict']],
    ['attw', ['--no-color', '--format=ascii']],
  ])('is without fault for %s', async (name, args) => {
    // it fails, and tells why, where it finds anything
    const [command = '', ...rest] = name === 'attw' ? ['attw', tarball, ...args] : ['publint', ...args, tarball]
    const file = fileURLToPath(new URL(`../../node_modules/.bin/${command}`, import.meta.url))
    const { stdout } = await promisify(execFile)(file, rest)
    expect(stdout).toMatch(/All good!|No problems found/)
  })
})

function manifestOf(text: string): { readonly bin: { readonly tsc: string } } {
  // what npm installed
  return JSON.parse(text) as { bin: { tsc: string } }
}
