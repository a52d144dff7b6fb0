/** One size of one measurement, in a process of its own, which main.ts builds and starts; prints what it costs. */
import * as countersign from 'countersign'
import * as oauth4webapi from 'oauth4webapi'
import type { Cost, Measurement, Subject } from './figures.ts'
import { polls, timers } from './transactions.ts'
import { issuers, keys } from './validation.ts'

const [, , measurement, subject, size] = process.argv

// main.ts starts it with these
console.log(JSON.stringify(await cost(measurement as Measurement, subject as Subject, Number(size))))
// polls and timers wait for another hour
process.exit()

async function cost(what: Measurement, of: Subject, count: number): Promise<Cost> {
  if (what === 'transactions') return of === 'countersign' ? await polls(countersign, count) : await timers(count)
  // two `unique symbol`s are never assignable; tools/parity holds everything else of the types against each other
  const api = of === 'countersign' ? (countersign as unknown as typeof oauth4webapi) : oauth4webapi
  return what === 'issuers' ? await issuers(api, count) : await keys(api, count)
}
