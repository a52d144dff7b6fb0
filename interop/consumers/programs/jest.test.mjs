import * as imported from 'countersign'
import { writeFileSync } from 'node:fs'
import { outcomeOf } from './outcome.cjs'
import { required } from './required.cjs'

test('in the ES modules of Jest', async () => {
  writeFileSync('outcome.json', JSON.stringify(await outcomeOf(imported, required)))
})
