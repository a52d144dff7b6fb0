import { describe, expect, it } from 'vitest'
import { CIBA_CORE } from '../rules/specifications.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { refuses } from '../testing/refuses.ts'
import {
  type CibaTransaction,
  cibaTransaction,
  deviceTransaction,
  pingedTransaction,
  type PollingTransaction,
  unansweredTransaction,
} from './transaction.ts'
import { CIBA_INTERVAL, CIBA_LIFETIME, DEVICE_LIFETIME } from './transaction.rules.ts'

const SENT_AT = 1_700_000_000_000

const acknowledgement = { auth_req_id: '1c266114', expires_in: 120, interval: 2 }
const device = {
  device_code: 'GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://op.example.com/device',
  expires_in: 1800,
  interval: 5,
}

describe('cibaTransaction', () => {
  it('counts expires_in and the first interval from the sending of the request (CIBA Core 7.3, 7.4)', () => {
    expect(cibaTransaction(acknowledgement, SENT_AT)).toEqual({
      grant_type: 'urn:openid:params:grant-type:ciba',
      auth_req_id: '1c266114',
      expiresAt: SENT_AT + 120_000,
      interval: 2,
      nextPollAt: SENT_AT + 2000,
      failures: 0,
      unanswered: false,
    })
  })

  it('takes an absent interval for 5 seconds (CIBA Core 7.3)', () => {
    const { interval: _, ...without } = acknowledgement
    expect(cibaTransaction(without, SENT_AT)).toMatchObject({ interval: 5, nextPollAt: SENT_AT + 5000 })
  })

  it('keeps the acr_values to hold the ID Token to (FAPI-CIBA 5.2.3.1 item 3)', () => {
    expect(cibaTransaction(acknowledgement, SENT_AT, { acr_values: 'gold silver' })).toMatchObject({
      acr_values: 'gold silver',
    })
  })

  it('is whole milliseconds, whatever clock it was given: it ends no later, and asks no earlier', () => {
    expect(cibaTransaction(acknowledgement, SENT_AT + 0.25)).toMatchObject({
      expiresAt: SENT_AT + 120_000,
      nextPollAt: SENT_AT + 2001,
    })
  })

  it('has no request due after it ends', () => {
    expect(cibaTransaction({ ...acknowledgement, expires_in: 1 }, SENT_AT)).toMatchObject({
      nextPollAt: SENT_AT + 1000,
      expiresAt: SENT_AT + 1000,
    })
  })

  it.each([0, -1, 0.5, NaN, Infinity, 2 ** 53])('refuses an expires_in of %s (CIBA Core 7.3)', async (expires_in) => {
    await refuses(CIBA_LIFETIME, () => cibaTransaction({ ...acknowledgement, expires_in }, SENT_AT))
  })

  it.each([0, -1, 2.5, NaN, Infinity, 2 ** 53])('refuses an interval of %s (CIBA Core 7.3)', async (interval) => {
    await refuses(CIBA_INTERVAL, () => cibaTransaction({ ...acknowledgement, interval }, SENT_AT))
  })

  it('has in the cause of a refusal the member and the whole answer, and describes what is no number', async () => {
    const body = { ...acknowledgement, expires_in: '120' }
    const error = await refuses(CIBA_LIFETIME, () => cibaTransaction(body as never, SENT_AT))
    expect(error).toMatchObject({ actual: 'a string', cause: { attribute: 'expires_in' } })
    expect(Object(error.cause)).toHaveProperty('body', body)
    const negative = () => cibaTransaction({ ...acknowledgement, expires_in: -1 }, SENT_AT)
    expect(await refuses(CIBA_LIFETIME, negative)).toMatchObject({ actual: -1 })
  })

  it.each([undefined, null, 'auth_req_id'])('needs an acknowledgement, not %s', async (other) => {
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => cibaTransaction(other as never, SENT_AT))
  })

  it('tells a trace what it checked', () => {
    const events: CheckEvent[] = []
    cibaTransaction(acknowledgement, SENT_AT, { [trace]: (event) => void events.push(event) })
    expect(events).toMatchObject([
      { rule: CIBA_LIFETIME.id, passed: true, actual: 120, spec: { document: CIBA_CORE } },
      { rule: CIBA_INTERVAL.id, passed: true, actual: 2 },
    ])
  })

  it.each(NO_TEXTS)('needs an auth_req_id, not %s', async (_, auth_req_id, code) => {
    await isCallersMistake(code, () => cibaTransaction({ ...acknowledgement, auth_req_id } as never, SENT_AT))
  })

  it.each(NO_TEXTS.slice(1))('needs acr_values as a text, not %s', async (_, acr_values, code) => {
    await isCallersMistake(code, () => cibaTransaction(acknowledgement, SENT_AT, { acr_values } as never))
  })

  it.each([undefined, null, NaN, Infinity, '0', new Date()])(
    'needs the time of the request, not %s',
    async (sentAt) => {
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => cibaTransaction(acknowledgement, sentAt as never))
    },
  )
})

describe('deviceTransaction', () => {
  it('counts expires_in and the first interval from the sending of the request (RFC 8628 3.2, 3.5)', () => {
    expect(deviceTransaction(device, SENT_AT)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
      expiresAt: SENT_AT + 1_800_000,
      interval: 5,
      nextPollAt: SENT_AT + 5000,
      failures: 0,
      unanswered: false,
    })
  })

  it('takes an absent interval for 5 seconds (RFC 8628 3.2)', () => {
    const { interval: _, ...without } = device
    expect(deviceTransaction(without, SENT_AT)).toMatchObject({ interval: 5, nextPollAt: SENT_AT + 5000 })
  })

  it('takes an interval that is no whole number, which nothing forbids (RFC 8628 3.2)', () => {
    expect(deviceTransaction({ ...device, interval: 0.5 }, SENT_AT)).toMatchObject({ nextPollAt: SENT_AT + 500 })
  })

  it.each([0, -1, 2 ** 53])('refuses an expires_in of %s (RFC 8628 3.2)', async (expires_in) => {
    await refuses(DEVICE_LIFETIME, () => deviceTransaction({ ...device, expires_in }, SENT_AT))
  })

  it('lives as long as a number can say', () => {
    const response = { ...device, expires_in: Number.MAX_SAFE_INTEGER }
    expect(() => deviceTransaction(response, SENT_AT)).not.toThrow()
  })

  it.each([undefined, null, 'device_code'])('needs a response, not %s', async (other) => {
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => deviceTransaction(other as never, SENT_AT))
  })

  it.each(NO_TEXTS)('needs a device_code, not %s', async (_, device_code, code) => {
    await isCallersMistake(code, () => deviceTransaction({ ...device, device_code } as never, SENT_AT))
  })
})

const polled: CibaTransaction = {
  ...cibaTransaction(acknowledgement, SENT_AT),
  lastRequestAt: SENT_AT + 2000,
  nextPollAt: SENT_AT + 7000,
  interval: 4,
}

describe('pingedTransaction', () => {
  it('asks at once where nothing was asked yet (CIBA Core 10.1)', () => {
    const transaction = cibaTransaction(acknowledgement, SENT_AT)
    expect(pingedTransaction(transaction, SENT_AT + 10)).toEqual({ ...transaction, nextPollAt: SENT_AT + 10 })
  })

  it('asks no sooner than the interval since the last request (CIBA Core 10.1)', () => {
    expect(pingedTransaction(polled, SENT_AT + 2500)).toEqual({ ...polled, nextPollAt: SENT_AT + 6000 })
    expect(pingedTransaction(polled, SENT_AT + 6500)).toEqual({ ...polled, nextPollAt: SENT_AT + 6500 })
  })

  it('asks no later than without the ping', () => {
    expect(pingedTransaction(polled, SENT_AT + 60_000)).toEqual(polled)
  })

  it('leaves alone when to ask after a fault of the server, which may have named a time (CIBA Core 10.1)', () => {
    const failed = { ...polled, failures: 1, nextPollAt: SENT_AT + 60_000 }
    expect(pingedTransaction(failed, SENT_AT + 2500)).toEqual(failed)
  })

  it('reads the present from the clock unless it is given', () => {
    const now = Date.now()
    const { nextPollAt } = pingedTransaction(cibaTransaction(acknowledgement, now))
    expect(nextPollAt).toBeGreaterThanOrEqual(now)
    expect(nextPollAt).toBeLessThan(now + 1000)
  })
})

describe('unansweredTransaction', () => {
  it('is what to go on from where a request left and no answer came', () => {
    expect(unansweredTransaction(polled, SENT_AT + 7000)).toEqual({
      ...polled,
      unanswered: true,
      lastRequestAt: SENT_AT + 7000,
      nextPollAt: SENT_AT + 11_000,
    })
  })

  it('has no request due after it ends', () => {
    expect(unansweredTransaction(polled, SENT_AT + 118_000)).toMatchObject({ nextPollAt: polled.expiresAt })
  })

  const broken: readonly (readonly [string, unknown])[] = [
    ['none', undefined],
    ['a text', '{}'],
    ['one without grant_type', { ...polled, grant_type: undefined }],
    ['one of another grant', { ...polled, grant_type: 'authorization_code' }],
    ['a device’s of another grant', { ...deviceTransaction(device, SENT_AT), grant_type: 'authorization_code' }],
    ['one without auth_req_id', { ...polled, auth_req_id: undefined }],
    ['a device’s without device_code', { ...deviceTransaction(device, SENT_AT), device_code: '' }],
    ['one whose expiresAt is a date', { ...polled, expiresAt: new Date().toISOString() }],
    ['one whose nextPollAt is null', { ...polled, nextPollAt: null }],
    ['one whose lastRequestAt is null', { ...polled, lastRequestAt: null }],
    ['one without failures', { ...polled, failures: undefined }],
    ['one whose interval is 0', { ...polled, interval: 0 }],
    ['one whose interval is negative', { ...polled, interval: -5 }],
    ['one without unanswered', { ...polled, unanswered: undefined }],
  ]
  it.each(broken)('needs a transaction, not %s, and so does pingedTransaction', (_, transaction) => {
    const acts = [
      () => unansweredTransaction(transaction as PollingTransaction),
      () => pingedTransaction(transaction as CibaTransaction),
    ]
    for (const act of acts) {
      expect(act).toThrow(TypeError)
      expect(act).toThrow(expect.objectContaining({ code: expect.stringMatching(/^ERR_INVALID_ARG_(TYPE|VALUE)$/) }))
    }
  })

  it.each([null, NaN, Infinity, '0', new Date()])(
    'needs the time, not %s, and so does pingedTransaction',
    async (now) => {
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => unansweredTransaction(polled, now as never))
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => pingedTransaction(polled, now as never))
    },
  )

  it.each([polled, deviceTransaction(device, SENT_AT)])('is JSON', (transaction) => {
    expect(JSON.parse(JSON.stringify(transaction))).toEqual(transaction)
    const unanswered = unansweredTransaction(transaction, SENT_AT + 7000)
    expect(JSON.parse(JSON.stringify(unanswered))).toEqual(unanswered)
  })
})
