import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const reporter = fileURLToPath(new URL('proof-reporter.ts', import.meta.url))
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

// a project of its own, with two rules, inside the repository so that it finds vitest
let project: string

beforeAll(() => {
  project = mkdtempSync(fileURLToPath(new URL('../../node_modules/.rule-proof-', import.meta.url)))
  writeFileSync(
    `${project}/vitest.config.ts`,
    `import { ruleProof } from ${JSON.stringify(reporter)}
    export default { plugins: [ruleProof(async () => ['thing.one', 'thing.two'])], test: { include: ['*.spec.ts'] } }`,
  )
  writeFileSync(`${project}/one.spec.ts`, testThatSees('thing.one'))
  writeFileSync(`${project}/two.spec.ts`, testThatSees('thing.two'))
})

afterAll(() => {
  rmSync(project, { recursive: true })
})

function testThatSees(rule: string): string {
  return `import { appendFileSync } from 'node:fs'
    import { it } from 'vitest'
    it('sees ${rule}', () => appendFileSync(process.env.COUNTERSIGN_RULE_LOG, '${rule}\\n'))
    it('sees nothing', () => {})`
}

interface Ended {
  readonly code: number
  readonly output: string
}

/** Runs the project's tests as somebody would on the command line. */
function run(...args: string[]): Promise<Ended> {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env
  return new Promise((resolve) => {
    const options = { cwd: project, env: { ...env, CI: '1', NO_COLOR: '1' } }
    const child = execFile(process.execPath, [vitest, 'run', ...args], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr })
    })
  })
}

describe('the proof that every rule refuses', () => {
  it('passes a run of all tests in which every rule was seen', async () => {
    const { code, output } = await run()
    expect(output).toContain('rulebook: 2 rules, 2 seen to refuse alone')
    expect(code).toBe(0)
  })

  it('is made once for all projects of a configuration', async () => {
    const projects = ['a', 'b'].map((name) => ({ extends: true, test: { name, include: ['*.spec.ts'] } }))
    writeFileSync(
      `${project}/projects.config.ts`,
      `import { ruleProof } from ${JSON.stringify(reporter)}
      const plugins = [ruleProof(async () => ['thing.one', 'thing.two'])]
      export default { plugins, test: { projects: ${JSON.stringify(projects)} } }`,
    )
    const { code, output } = await run('--config', 'projects.config.ts')
    expect(output.match(/^rulebook: .*$/gm)).toEqual(['rulebook: 2 rules, 2 seen to refuse alone'])
    expect(code).toBe(0)
  })

  it('is made also where the command line names other reporters', async () => {
    const { output } = await run('--reporter=json', '--outputFile.json=report.json')
    expect(output).toContain('rulebook: 2 rules, 2 seen to refuse alone')
  })

  it('fails a run of all tests in which a rule was not seen, and names it', async () => {
    writeFileSync(`${project}/two.spec.ts`, testThatSees('thing.one'))
    const { code, output } = await run()
    writeFileSync(`${project}/two.spec.ts`, testThatSees('thing.two'))
    expect(output).toContain('rulebook: 2 rules, 1 seen to refuse alone')
    expect(output).toMatch(/no test shows what these refuse:\n {2}thing\.two\n/)
    expect(code).not.toBe(0)
  })

  it.each([
    ['one file', ['one']],
    ['tests by name', ['-t', 'sees']],
    ['all files but one', ['--exclude', 'two.spec.ts']],
    ['a shard', ['--shard', '1/2']],
  ])('says nothing in a run of %s', async (_what, args) => {
    const { code, output } = await run(...args)
    expect(output).not.toContain('rulebook')
    expect(code).toBe(0)
  })
})
