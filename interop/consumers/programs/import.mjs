import * as imported from 'countersign'
import * as explained from 'countersign/explain'
import { createRequire } from 'node:module'
import { outcomeOf } from './outcome.cjs'

const require = createRequire(import.meta.url)
const outcome = await outcomeOf(imported, require('countersign'))
console.log(JSON.stringify({ ...outcome, explain: explained.explain === require('countersign/explain').explain }))
