import { expect, it } from 'vitest'
import { None } from '../client-authentication/none.ts'
import { customFetch } from '../http/options.ts'
import { as, client } from '../testing/answers.ts'
import { particularsOf, termsOf, transactionOf } from './terms.ts'
import { cibaTransaction, deviceTransaction, type PollingTransaction } from './transaction.ts'

const T0 = 1_700_000_000_000
const clientAuthentication = None()
const options = { clientAuthentication }
const pattern = cibaTransaction({ auth_req_id: 'of one', expires_in: 120 }, T0)
const device = deviceTransaction({ device_code: 'd', user_code: 'u', verification_uri: 'v', expires_in: 120 }, T0)

function terms(transaction: PollingTransaction, changes: object = {}, server = as) {
  return termsOf(server, client, { ...options, ...changes }, transaction)
}

it('are the same for transactions that differ by their names and times', () => {
  const first = terms(pattern)
  const { lastRequestAt, ...others } = { ...pattern, lastRequestAt: T0 }
  expect(lastRequestAt).toBe(T0)
  expect(terms({ ...others, auth_req_id: 'of another', expiresAt: T0 + 7, nextPollAt: T0 + 3 })).toBe(first)
  expect(terms({ ...pattern, lastRequestAt: T0 })).toBe(first)
})

it('are the same for devices that differ by their codes and times', () => {
  const first = terms(device)
  expect(terms({ ...device, device_code: 'of another', expiresAt: T0 + 7, nextPollAt: T0 + 3 })).toBe(first)
})

it('are the same for the options that they keep', () => {
  const first = terms(pattern)
  expect(termsOf(as, client, first.options, pattern)).toBe(first)
})

it('are others without an option, or a member of the caller’s, that was there before', () => {
  const first = terms({ ...pattern, ...{ basket: 7 } }, { intervalFrom: 'request' })
  expect(terms({ ...pattern, ...{ basket: 7 } })).not.toBe(first)
  const second = terms({ ...pattern, ...{ basket: 7 } })
  expect(terms(pattern)).not.toBe(second)
})

interface Other {
  readonly title: string
  readonly transaction?: PollingTransaction
  readonly changes?: object
  readonly server?: typeof as
}

const others: readonly Other[] = [
  { title: 'another interval', transaction: { ...pattern, interval: 6 } },
  { title: 'failures', transaction: { ...pattern, failures: 1 } },
  { title: 'a lost answer', transaction: { ...pattern, unanswered: true } },
  { title: 'acr_values', transaction: { ...pattern, acr_values: 'gold' } },
  { title: 'a member of the caller’s', transaction: { ...pattern, ...{ basket: 7 } } },
  { title: 'another grant', transaction: device },
  { title: 'an end that no small number tells', transaction: { ...pattern, expiresAt: T0 + 2 ** 31 } },
  { title: 'another option', changes: { intervalFrom: 'request' } },
  { title: 'another option by a symbol', changes: { [customFetch]: fetch } },
  { title: 'another value of an option', changes: { clientAuthentication: None() } },
  { title: 'another server', server: { ...as } },
]

it.each(others)('are others for $title', ({ transaction = pattern, changes, server }) => {
  const first = terms(pattern)
  expect(terms(transaction, changes, server)).not.toBe(first)
})

it.each([
  pattern,
  { ...pattern, expiresAt: T0 + 1, nextPollAt: T0 + 1, auth_req_id: 'x' },
  { ...pattern, expiresAt: 5, nextPollAt: 4 },
  { ...pattern, expiresAt: Number.MAX_SAFE_INTEGER, nextPollAt: T0 + 1 },
  ...others.flatMap(({ transaction = [] }) => transaction),
])('give a transaction back as it was', (transaction) => {
  terms(pattern)
  const its = terms(transaction)
  expect(transactionOf(its, particularsOf(its, transaction))).toEqual(transaction)
})
