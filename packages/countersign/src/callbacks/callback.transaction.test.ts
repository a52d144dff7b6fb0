import nodeCrypto from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { AUTH_REQ_ID, callback, findTransaction, KINDS, TOKEN, TOKEN_HASH, transaction } from '../testing/callbacks.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { FindTransaction } from './callback.ts'
import * as rules from './callback.rules.ts'
import type { CallbackExpectation } from './notification-token.ts'

describe.each(KINDS)('%s', (_kind, validate, members) => {
  const valid = JSON.stringify(members)
  const withToken = (authorization: string) => callback(valid, { authorization })

  describe('auth_req_id', () => {
    it.each(everyTypeBut('a text'))('is a text, not %s (10.2, 10.3.1, 12)', async (_title, auth_req_id) => {
      const body = JSON.stringify({ ...members, auth_req_id })
      const act = () => validate(callback(body), { findTransaction: () => transaction })
      const error = await refuses(rules.CALLBACK_AUTH_REQ_ID, act, rules.CALLBACK_SAME_TRANSACTION)
      expect(error).toMatchObject({ cause: { attribute: 'auth_req_id' } })
      expect(Object(error.cause)).toHaveProperty('body', JSON.parse(body))
    })

    it('is not taken from a prototype', async () => {
      const { auth_req_id, ...others } = members
      const body = `{"__proto__":${JSON.stringify({ auth_req_id })},${JSON.stringify(others).slice(1)}`.replace(
        ',}',
        '}',
      )
      expect(Object(JSON.parse(body))).not.toHaveProperty('auth_req_id')
      const error = await rejectionOf(() => validate(callback(body)))
      expect(error).toMatchObject({ rule: rules.CALLBACK_AUTH_REQ_ID.id })
      expect({}).not.toHaveProperty('auth_req_id')
    })

    it('counts as it stands there last, where it does twice, for the lookup and for the result', async () => {
      const named: string[] = []
      const find: FindTransaction = ({ auth_req_id }) => {
        named.push(auth_req_id)
        return auth_req_id === AUTH_REQ_ID ? transaction : undefined
      }
      const first = callback(`{"auth_req_id":"another",${valid.slice(1)}`)
      expect(await validate(first, { findTransaction: find })).toMatchObject({ auth_req_id: AUTH_REQ_ID })
      const last = () => validate(callback(`${valid.slice(0, -1)},"auth_req_id":"another"}`), { findTransaction: find })
      expect(await rejectionOf(last)).toMatchObject({ rule: rules.CALLBACK_TRANSACTION.id })
      expect(named).toEqual([AUTH_REQ_ID, 'another'])
    })
  })

  describe('its transaction (10.2, 10.3.1)', () => {
    it('is looked up by auth_req_id and the hash of the token', async () => {
      const find = vi.fn(findTransaction)
      await validate(callback(valid), { findTransaction: find })
      const asked = { auth_req_id: AUTH_REQ_ID, client_notification_token_hash: TOKEN_HASH }
      expect(find.mock.calls).toEqual([[asked]])
    })

    it('may be told by the hash of its token', async () => {
      const stored = { auth_req_id: AUTH_REQ_ID, client_notification_token_hash: TOKEN_HASH }
      const options = { findTransaction: () => stored }
      expect(await validate(callback(valid), options)).toMatchObject({ auth_req_id: AUTH_REQ_ID })
      const other = () => validate(withToken('Bearer another-token'), options)
      await refuses(rules.NOTIFICATION_TOKEN, other)
    })

    it('may be told without auth_req_id, where the acknowledgement was lost; the one of the callback is taken then', async () => {
      const options = { findTransaction: () => ({ client_notification_token: TOKEN }) }
      expect(await validate(callback(valid), options)).toMatchObject({ auth_req_id: AUTH_REQ_ID })
      await refuses(rules.NOTIFICATION_TOKEN, () => validate(withToken('Bearer another-token'), options))
    })

    it('may come later', async () => {
      const options = {
        findTransaction: () => new Promise<CallbackExpectation>((resolve) => setTimeout(resolve, 5, transaction)),
      }
      expect(await validate(callback(valid), options)).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })

    it.each([undefined, null])('is not known where the lookup gives %s', async (none) => {
      // without the rule nothing is there that the token could be compared with, which is an accident and no refusal
      await refuses(rules.CALLBACK_TRANSACTION, () => validate(callback(valid), { findTransaction: () => none }))
      const later = () => validate(callback(valid), { findTransaction: () => Promise.resolve(none) })
      await refuses(rules.CALLBACK_TRANSACTION, later)
    })

    it('is not another one, whose token it has (10.2)', async () => {
      // the lookup goes by the token alone
      const other = { ...transaction, auth_req_id: 'of-another-transaction' }
      await refuses(rules.CALLBACK_SAME_TRANSACTION, () => validate(callback(valid), { findTransaction: () => other }))
    })

    it.each([
      ['another token', 'another-token'],
      ['one character more', `${TOKEN}0`],
      ['one character less', TOKEN.slice(0, -1)],
      ['other letters', TOKEN.toUpperCase()],
      ['the hash of the token', TOKEN_HASH],
      ['auth_req_id', AUTH_REQ_ID],
      ['padding', `${TOKEN}=`],
    ])('is not one with %s for its token (10.2)', async (_title, token) => {
      await refuses(rules.NOTIFICATION_TOKEN, () => validate(withToken(`Bearer ${token}`)))
    })

    it('hashes and compares where there is none too, so that nobody finds out by the time (SECURITY.md)', async () => {
      // Node's engine hashes a text as it is; the other one, and a comparison, work on its bytes
      const steps = [vi.spyOn(nodeCrypto, 'hash'), vi.spyOn(TextEncoder.prototype, 'encodeInto')]
      async function stepsOf(found: CallbackExpectation | undefined): Promise<number> {
        const sent = withToken('Bearer another-token')
        for (const step of steps) step.mockClear()
        await rejectionOf(() => validate(sent, { findTransaction: () => found }))
        return steps.flatMap(({ mock }): unknown[] => mock.calls).length
      }
      const stored = { client_notification_token_hash: TOKEN_HASH }
      const known = await stepsOf(transaction)
      // two hashes, and the two that are compared, beside what the runtime does with the body
      expect(known).toBeGreaterThanOrEqual(4)
      // the form of a hash that is stored is looked at besides, whatever was sent
      expect([await stepsOf(stored), await stepsOf(undefined)]).toEqual([known + 1, known])
      for (const step of steps) step.mockRestore()
    })

    it('rejects with what the lookup throws', async () => {
      const failure = new Error('no connection to the database')
      const thrown = () => {
        throw failure
      }
      expect(await rejectionOf(() => validate(callback(valid), { findTransaction: thrown }))).toBe(failure)
      const rejected = () => Promise.reject(failure)
      expect(await rejectionOf(() => validate(callback(valid), { findTransaction: rejected }))).toBe(failure)
    })
  })

  describe('sent again', () => {
    it('is taken each time, at the same time too, while its transaction is known', async () => {
      const all = await Promise.all(Array.from({ length: 5 }, () => validate(callback(valid))))
      expect(all.map(({ auth_req_id }) => auth_req_id)).toEqual(Array(5).fill(AUTH_REQ_ID))
    })

    it('is refused like a wrong token when its transaction is over', async () => {
      const open = new Map([[AUTH_REQ_ID, transaction]])
      const options = { findTransaction: ({ auth_req_id }: { auth_req_id: string }) => open.get(auth_req_id) }
      expect(await validate(callback(valid), options)).toMatchObject({ auth_req_id: AUTH_REQ_ID })
      open.delete(AUTH_REQ_ID)
      await refuses(rules.CALLBACK_TRANSACTION, () => validate(callback(valid), options))
    })

    it('is refused with the auth_req_id of another transaction, or its token', async () => {
      const open = new Map<string, CallbackExpectation>([
        [AUTH_REQ_ID, transaction],
        ['other-id', { auth_req_id: 'other-id', client_notification_token: 'other-token' }],
      ])
      const options = { findTransaction: ({ auth_req_id }: { auth_req_id: string }) => open.get(auth_req_id) }
      const otherId = JSON.stringify({ ...members, auth_req_id: 'other-id' })
      const forged = () => validate(callback(otherId), options)
      expect(await rejectionOf(forged)).toMatchObject({ rule: rules.NOTIFICATION_TOKEN.id })
      await refuses(rules.NOTIFICATION_TOKEN, () => validate(withToken('Bearer other-token'), options))
    })
  })
})
