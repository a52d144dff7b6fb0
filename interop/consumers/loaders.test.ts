// The packed tarball, loaded by whoever loads packages: it works, and import and require give one and the same.
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INVALID_RESPONSE } from 'countersign'
import * as oauth from 'countersign'
import { canInstall, createProject, program, type Project } from './scratch.ts'

const VERSIONS = {
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@rollup/plugin-commonjs': '29.0.3',
  '@rollup/plugin-node-resolve': '16.0.3',
  jest: '30.5.2',
  'reflect-metadata': '0.2.2',
  rollup: '4.68.7',
  rxjs: '7.8.2',
  vitest: '4.1.12',
  webpack: '5.112.2',
}

/** The Node that runs this, and those that `npm run setup:runtimes -- --node` installs. */
const NODES = [process.execPath, ...['22', '24', '26'].map(installedNode).filter((file) => existsSync(file))]

const OUTCOME = {
  body: 'scope=openid&login_hint=anna&client_id=shop',
  auth_req_id: '1c266114',
  refusal: { code: INVALID_RESPONSE, rule: 'backchannel-authentication.auth_req_id', instance: true },
  challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  signed: [true, true, true],
  names: Object.keys(oauth).length,
  differ: [],
}

const reachable = await canInstall('the packed tarball under Node, Jest, vitest, NestJS, webpack and rollup')

describe.skipIf(!reachable)('the packed tarball', () => {
  let project: Project

  beforeAll(async () => {
    project = await createProject(VERSIONS)
  })

  afterAll(() => project.remove())

  /** What a test runner's test left, whose output is its own. */
  async function writtenOutcome(): Promise<unknown> {
    const outcome: unknown = JSON.parse(await project.read('outcome.json'))
    await project.write('outcome.json', 'none')
    return outcome
  }

  describe.each(NODES)('in %s', (file) => {
    it.each(['import.mjs', 'require.cjs'])('is one instance to import and to require, from %s', async (name) => {
      expect(JSON.parse(await project.run([name], { file }))).toEqual({ ...OUTCOME, explain: true })
    })

    it.each(['import.mjs', 'require.cjs'])(
      'is one instance where Node may not require ES modules, from %s',
      async (name) => {
        const output = await project.run(['--no-experimental-require-module', name], { file })
        expect(JSON.parse(output)).toEqual({ ...OUTCOME, explain: true })
      },
    )

    it('works under Jest, whose modules are CommonJS', async () => {
      await project.run(['node_modules/jest/bin/jest.js', '--silent', '--testMatch=**/jest.test.cjs'], { file })
      expect(await writtenOutcome()).toEqual(OUTCOME)
    })

    it('is one instance under Jest with ES modules', async () => {
      const args = ['node_modules/jest/bin/jest.js', '--silent', '--testMatch=**/jest.test.mjs']
      await project.run(args, { file, variables: { NODE_OPTIONS: '--experimental-vm-modules' } })
      expect(await writtenOutcome()).toEqual(OUTCOME)
    })
  })

  it('is one instance under vitest', async () => {
    await project.run(['node_modules/vitest/vitest.mjs', 'run', 'vitest.test.mjs'])
    expect(await writtenOutcome()).toEqual(OUTCOME)
  })

  it('is one instance in a NestJS application that is compiled to CommonJS', async () => {
    const { outputText } = ts.transpileModule(await program('nest.ts.txt'), {
      fileName: 'nest.cts',
      compilerOptions: {
        module: ts.ModuleKind.NodeNext,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    })
    expect(outputText).toContain('require("countersign")')
    await project.write('nest.cjs', outputText)
    expect(JSON.parse(await project.run(['nest.cjs']))).toEqual(OUTCOME)
  })

  it.each(['node', 'web'])('is one instance in a bundle of webpack for %s', async (target) => {
    await project.run(['webpack.mjs', target])
    expect(JSON.parse(await project.run(['bundled.mjs', `webpack-${target}/main.js`]))).toEqual(OUTCOME)
  })

  it.each(['browser', 'node'])('is one instance in a bundle of rollup for %s', async (target) => {
    await project.run(['rollup.mjs', 'both.mjs', target])
    expect(JSON.parse(await project.run(['bundled.mjs', `rollup-${target}.mjs`]))).toEqual(OUTCOME)
  })

  it('is ES modules alone to rollup, which then needs no plugin for CommonJS', async () => {
    await project.run(['rollup.mjs', 'imported.mjs'])
    expect(JSON.parse(await project.run(['bundled.mjs', 'rollup-modules.mjs']))).toEqual(OUTCOME)
  })
})

function installedNode(major: string): string {
  return fileURLToPath(new URL(`../../.runtimes/node/node_modules/node${major}/bin/node`, import.meta.url))
}
