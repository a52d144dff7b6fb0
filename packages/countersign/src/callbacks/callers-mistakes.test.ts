import { describe, expect, it } from 'vitest'
import { maxBodySize } from '../metadata/body-size.ts'
import { AUTH_REQ_ID, callback, client, KINDS, TOKEN, TOKEN_HASH, transaction } from '../testing/callbacks.ts'
import { as } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import type { CallbackOptions } from './callback.ts'
import { hashClientNotificationToken } from './notification-token.ts'
import { validatePingCallback } from './ping.ts'
import { validatePushCallback } from './push.ts'

describe.each(KINDS)('the caller, for %s,', (_kind, validate, members) => {
  const valid = JSON.stringify(members)

  // what callers without types do
  const loose = (request: unknown, options: unknown) =>
    validate(request as Request, options as Partial<CallbackOptions>)

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', valid],
    ['what looks like a request', { method: 'POST', headers: new Headers(), body: null, bodyUsed: false }],
    ['a Response', new Response(valid)],
  ])('gives no %s in place of the request', async (_title, request) => {
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => loose(request, {}))
  })

  it('gives no request whose body was read, or is being read', async () => {
    const read = callback(valid)
    await read.text()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validate(read))
    const reading = callback(valid)
    reading.body?.getReader()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validate(reading))
  })

  it.each([[undefined], [null], ['find'], [{}], [transaction], [Promise.resolve(transaction)]])(
    'gives no %j for findTransaction',
    async (value) => {
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => loose(callback(valid), { findTransaction: value }))
    },
  )

  it.each([
    [null, 'ERR_INVALID_ARG_TYPE'],
    ['65536', 'ERR_INVALID_ARG_TYPE'],
    [0, 'ERR_INVALID_ARG_VALUE'],
    [-1, 'ERR_INVALID_ARG_VALUE'],
    [1.5, 'ERR_INVALID_ARG_VALUE'],
    [Number.NaN, 'ERR_INVALID_ARG_VALUE'],
    [Number.POSITIVE_INFINITY, 'ERR_INVALID_ARG_VALUE'],
  ] as const)('gives no %j for maxBodySize', async (bytes, code) => {
    const request = callback(valid)
    await isCallersMistake(code, () => loose(request, { [maxBodySize]: bytes }))
    expect(request.bodyUsed).toBe(false)
  })

  it.each([
    ['a text', TOKEN, 'ERR_INVALID_ARG_TYPE'],
    ['true', true, 'ERR_INVALID_ARG_TYPE'],
    ['false', false, 'ERR_INVALID_ARG_TYPE'],
    ['neither token nor hash', { auth_req_id: AUTH_REQ_ID }, 'ERR_INVALID_ARG_VALUE'],
    ['nothing in it', {}, 'ERR_INVALID_ARG_VALUE'],
    ['both', { ...transaction, client_notification_token_hash: TOKEN_HASH }, 'ERR_INVALID_ARG_VALUE'],
    ['null for the token', { ...transaction, client_notification_token: null }, 'ERR_INVALID_ARG_TYPE'],
    [
      'null for the token beside the hash',
      { client_notification_token: null, client_notification_token_hash: TOKEN_HASH },
      'ERR_INVALID_ARG_TYPE',
    ],
    ['no characters for the token', { client_notification_token: '' }, 'ERR_INVALID_ARG_VALUE'],
    ['null for the hash', { client_notification_token_hash: null }, 'ERR_INVALID_ARG_TYPE'],
    ['the token for the hash', { client_notification_token_hash: TOKEN }, 'ERR_INVALID_ARG_VALUE'],
    ['half a hash', { client_notification_token_hash: TOKEN_HASH.slice(0, 22) }, 'ERR_INVALID_ARG_VALUE'],
    ['a hash with padding', { client_notification_token_hash: `${TOKEN_HASH}=` }, 'ERR_INVALID_ARG_VALUE'],
    ['bytes for the hash', { client_notification_token_hash: new Uint8Array(32) }, 'ERR_INVALID_ARG_TYPE'],
    ['null for auth_req_id', { ...transaction, auth_req_id: null }, 'ERR_INVALID_ARG_TYPE'],
    ['no characters for auth_req_id', { ...transaction, auth_req_id: '' }, 'ERR_INVALID_ARG_VALUE'],
  ] as const)('gives no transaction with %s', async (_title, found, code) => {
    await isCallersMistake(code, () => loose(callback(valid), { findTransaction: () => found }))
  })
})

describe('the caller', () => {
  // what callers without types do
  const call = (method: (...parameters: never[]) => unknown, ...parameters: unknown[]) =>
    Reflect.apply(method, undefined, parameters)

  it.each(NO_TEXTS)('gives no %s to hashClientNotificationToken', async (_title, token, code) => {
    await isCallersMistake(code, () => call(hashClientNotificationToken, token))
  })

  it.each([[undefined], [null], [5]])('gives no %j for the options', async (options) => {
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(validatePingCallback, callback('{}'), options))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () =>
      call(validatePushCallback, as, client, callback('{}'), options),
    )
  })

  it.each([[undefined], [null], ['https://op.example.com'], [{}], [{ issuer: 5 }]])(
    'gives no %j for as',
    async (server) => {
      const options = { findTransaction: () => transaction }
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () =>
        call(validatePushCallback, server, client, callback('{}'), options),
      )
    },
  )

  it.each([[undefined], [null], ['shop'], [{}], [{ client_id: 5 }]])('gives no %j for client', async (party) => {
    const options = { findTransaction: () => transaction }
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(validatePushCallback, as, party, callback('{}'), options))
  })

  it('gets a rejection for it, and nothing that is thrown', async () => {
    for (const method of [validatePingCallback, validatePushCallback, hashClientNotificationToken]) {
      const promise: unknown = call(method)
      expect(promise).toBeInstanceOf(Promise)
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => promise)
    }
  })
})
