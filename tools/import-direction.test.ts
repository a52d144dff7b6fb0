import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const CONFIG = fileURLToPath(new URL('import-direction.config.mjs', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url))
const PACKAGE = fileURLToPath(new URL('../packages/countersign/package.json', import.meta.url))

/** A library whose files break each rule once, and keep it once. */
const LIBRARY = {
  'values/sound.ts': 'export const sound = 1',
  'errors/sound.ts': "import { sound } from '../values/sound.ts'\nexport const error = sound",
  'errors/upwards.ts': "import type { Context } from '../rules/context.ts'\nexport type Upwards = Context",
  'rules/context.ts': "import type { Upwards } from '../errors/upwards.ts'\nexport type Context = Upwards | string",
  'engine/web.ts': 'export const digest = 1',
  'engine/node.ts':
    "import type { KeyObject } from 'node:crypto'\nimport { readFile } from 'node:fs'\nexport const read = (key: KeyObject) => readFile(key)",
  'values/hashed.ts': "import { digest } from '#engine'\nexport const hashed = digest",
  'jose/sound.ts': "import { digest } from '#engine'\nexport const hash = digest",
  'jose/left.ts': "import { right } from './right.ts'\nexport const left = () => right",
  'jose/right.ts': "import { left } from './left.ts'\nexport const right = () => left",
  'http/runtime.ts': "import { readFileSync } from 'node:fs'\nexport const read = readFileSync",
  'tokens/helped.ts': "import { answer } from '../testing/answers.ts'\nexport const helped = answer",
  'tokens/tested.ts': "import { sound } from './sound.test.ts'\nexport const tested = sound",
  'tokens/sound.test.ts': "import { hash } from '../index.ts'\nexport const sound = hash",
  'testing/answers.ts': "import { hash } from '../index.ts'\nexport const answer = hash",
  'elsewhere/unlisted.ts': "import { sound } from '../values/sound.ts'\nexport const unlisted = sound",
  'grants/orphan.ts': 'export const orphan = 1',
  'index.ts': "export { hash } from './jose/sound.ts'\nexport { error } from './errors/sound.ts'",
  'explain/face.ts': "import { hash } from '../index.ts'\nexport const face = hash",
}

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

describe('the import direction', () => {
  let project: string
  let found: string[]

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'import-direction-'))
    for (const [path, text] of Object.entries(LIBRARY)) {
      const file = join(project, 'packages/countersign/src', path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    copyFileSync(PACKAGE, join(project, 'packages/countersign/package.json'))
    found = await violations(project)
  })

  afterAll(() => {
    rmSync(project, { recursive: true })
  })

  it('refuses each wrong import, and nothing else', () => {
    expect(found).toEqual([
      'from-errors: errors/upwards.ts → rules/context.ts',
      'from-values: values/hashed.ts → engine/web.ts',
      'no-cycles: errors/upwards.ts → rules/context.ts',
      'no-cycles: jose/left.ts → jose/right.ts',
      'no-dependencies-on-node: engine/node.ts → fs',
      'no-dependencies: http/runtime.ts → fs',
      'no-orphans: grants/orphan.ts',
      'no-tests-in-the-library: tokens/helped.ts → testing/answers.ts',
      'no-tests-in-the-library: tokens/tested.ts → tokens/sound.test.ts',
      'unlisted-folder: elsewhere/unlisted.ts → values/sound.ts',
    ])
  })
})

/** What the check says of a project, as `rule: from → to`, by name. */
function violations(project: string): Promise<string[]> {
  const args = [PROGRAM, '--config', CONFIG, '--output-type', 'json', 'packages/countersign/src']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: project }, (_error, stdout, stderr) => {
      if (stderr !== '') reject(new Error(stderr))
      // the form of dependency-cruiser's JSON report
      const report = JSON.parse(stdout) as { summary: { violations: Violation[] } }
      resolve(report.summary.violations.map(inWords).sort())
    })
  })
}

function inWords({ rule, from, to }: Violation): string {
  const names = [...new Set([from, to])].map((path) => path.replace('packages/countersign/src/', ''))
  return `${rule.name}: ${names.join(' → ')}`
}
