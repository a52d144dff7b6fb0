import { expect, it } from 'vitest'
import { mutantsOf } from './instrumented.ts'
import './remove-statements.mjs'

it.each([
  ["check(about, RULE, holds, 'a text', 'missing')"],
  ['assertServer(as)'],
  ['await verifySignature(context, as, jwt)'],
  ['body.expires_in = seconds'],
])('leaves %s out', async (statement) => {
  const removed = { mutator: 'StatementRemoval', original: statement, replacement: ';' }
  const content = `async function validate() { ${statement} }`
  expect((await mutantsOf(content)).filter(({ mutator }) => mutator === removed.mutator)).toEqual([removed])
})

it.each(['const one = f()', 'return f()', "import { f } from './f.ts'", 'if (one) throw two'])(
  'leaves no other statement out, such as %s',
  async (statement) => {
    const content = statement.startsWith('import') ? statement : `function validate() { ${statement} }`
    expect((await mutantsOf(content)).map(({ mutator }) => mutator)).not.toContain('StatementRemoval')
  },
)
