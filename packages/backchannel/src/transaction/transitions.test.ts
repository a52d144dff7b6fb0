import { describe, expect, it } from 'vitest'
import { BEGUN_AT, startingRecord } from '../testing/records.ts'
import type { StoredOutcome } from './outcome.ts'
import type { Answered, Ended, Pending, Polling, TransactionRecord } from './record.ts'
import * as transitions from './transitions.ts'

const { schedule } = startingRecord()
const later = { ...schedule, nextPollAt: BEGUN_AT + 60_000 }
const mark = { owner: 'another', since: BEGUN_AT + 5000, schedule: { ...schedule, unanswered: true }, dueAt: 7 }
const answer = { answer: 'sealed answer', receivedAt: BEGUN_AT + 5100, dueAt: 8 }

function pending(): Pending {
  return the(transitions.acknowledged(startingRecord(), { schedule, secret: 'more', dueAt: 5 }))
}

function polling(): Polling {
  return the(transitions.marked(pending(), mark))
}

function answered(record: TransactionRecord = polling()): Answered {
  return the(transitions.answered(record, answer))
}

function ended(outcome: StoredOutcome): Ended {
  return the(transitions.ended(pending(), outcome, { endedAt: BEGUN_AT + 6000, dueAt: 9 }))
}

function taken(): TransactionRecord {
  return transitions.taken(ended({ status: 'lost' }), { takenAt: BEGUN_AT + 7000, dueAt: 10, secret: 'less' })
}

function the<T>(record: T | undefined): T {
  if (record === undefined) throw new Error('the state does not allow it')
  return record
}

describe('a transition', () => {
  it('counts the versions, and keeps what names the transaction', () => {
    const names = { idempotencyKey: 'order-5', notificationTokenHash: 'hash' }
    const start = startingRecord(names)
    const known = the(transitions.acknowledged(start, { schedule, secret: 'more', dueAt: 5 }))
    const asked = the(transitions.marked(known, mark))
    const raw = answered(asked)
    const end = the(transitions.ended(raw, { status: 'approved', sealedTokens: 't' }, { endedAt: 1, dueAt: 2 }))
    const gone = transitions.taken(end, { takenAt: 3, dueAt: 4, secret: 'less' })
    const all = [start, known, asked, raw, end, gone]
    expect(all.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6])
    for (const record of all) expect(record).toMatchObject({ id: 'one', createdAt: BEGUN_AT, ...names })
  })

  it('leaves nothing of the tokens when they were taken', () => {
    const end = the(
      transitions.ended(answered(), { status: 'approved', sealedTokens: 'tokens' }, { endedAt: 1, dueAt: 2 }),
    )
    const gone = transitions.taken(end, { takenAt: 3, dueAt: 4, secret: 'less' })
    expect(JSON.stringify(gone)).not.toMatch(/tokens|answer/)
    expect(gone).toMatchObject({ state: 'taken', status: 'approved' })
  })
})

describe('a mark', () => {
  it('is made on what is pending, and answers the pings before it', () => {
    const record = the(transitions.pinged(pending(), { schedule, dueAt: 5 }))
    expect(record.pinged).toBe(true)
    expect(the(transitions.marked(record, mark))).toMatchObject({ state: 'polling', ...mark, pinged: false })
  })

  it.each([
    ['starting', startingRecord()],
    ['polling', polling()],
    ['answered', answered()],
    ['ended', ended({ status: 'lost' })],
    ['taken', taken()],
  ])('is not made on what is %s', (_, record) => {
    expect(transitions.marked(record, mark)).toBeUndefined()
  })
})

describe('a ping', () => {
  it('is not forgotten while a request is under way (CIBA Core 10.2)', () => {
    const record = the(transitions.pinged(polling(), { schedule: later, dueAt: 5 }))
    expect(record).toMatchObject({ state: 'polling', pinged: true, schedule: mark.schedule, version: 4 })
    expect(transitions.unmarked(record as Polling, { schedule: later, dueAt: 5 })).toMatchObject({
      state: 'pending',
      pinged: true,
    })
  })

  it.each([answered(), ended({ status: 'lost' }), taken()])('changes nothing of what is $state', (record) => {
    expect(transitions.pinged(record, { schedule, dueAt: 5 })).toBeUndefined()
  })

  it('names a transaction whose acknowledgement was lost (CIBA Core 10.2)', () => {
    const known = { schedule, secret: 'with auth_req_id', dueAt: 5, pinged: true }
    expect(transitions.acknowledged(startingRecord(), known)).toMatchObject({ state: 'pending', ...known })
    expect(transitions.acknowledged(ended({ status: 'unacknowledged' }), known)).toMatchObject({ state: 'pending' })
    expect(transitions.acknowledged(ended({ status: 'lost' }), known)).toBeUndefined()
    expect(transitions.acknowledged(pending(), known)).toBeUndefined()
    expect(transitions.acknowledged(taken(), known)).toBeUndefined()
    expect(transitions.corrected(taken(), schedule)).toBeUndefined()
  })
})

describe('an acknowledgement', () => {
  it('that comes after a ping tells the interval and the expiry, and undoes nothing (CIBA Core 7.3)', () => {
    const told = { interval: 30, expiresAt: BEGUN_AT + 60_000 }
    expect(transitions.corrected(pending(), told)).toEqual({
      ...pending(),
      version: 3,
      schedule: { ...schedule, ...told },
    })
    expect(transitions.corrected(polling(), told)).toMatchObject({
      state: 'polling',
      schedule: { unanswered: true, interval: 30 },
    })
  })
})

describe('an end', () => {
  const when = { endedAt: 1, dueAt: 2 }
  const refused: StoredOutcome = { status: 'refused', error: 'access_denied' }

  it.each([startingRecord(), pending(), polling(), answered()])('ends what is $state', (record) => {
    expect(transitions.ended(record, refused, when)).toMatchObject({ state: 'ended', outcome: refused })
  })

  it('beats an answer that was thought to be lost, and nothing else', () => {
    expect(transitions.ended(ended({ status: 'lost' }), refused, when)).toMatchObject({ outcome: refused })
    expect(transitions.ended(ended({ status: 'lost' }), { status: 'lost' }, when)).toBeUndefined()
    expect(transitions.ended(ended({ status: 'cancelled' }), refused, when)).toBeUndefined()
    expect(transitions.ended(ended({ status: 'expired', by: 'clock' }), refused, when)).toBeUndefined()
    expect(transitions.ended(taken(), refused, when)).toBeUndefined()
  })
})

describe('an answer of success', () => {
  it.each<StoredOutcome>([{ status: 'lost' }, { status: 'unacknowledged' }, { status: 'expired', by: 'clock' }])(
    'beats $status',
    (outcome) => {
      expect(answered(ended(outcome))).toMatchObject({ state: 'answered', answer: 'sealed answer' })
    },
  )

  it.each<StoredOutcome>([
    { status: 'approved', sealedTokens: 'first' },
    { status: 'cancelled' },
    { status: 'expired', by: 'server' },
    { status: 'refused', error: 'access_denied' },
    { status: 'failed', failure: { name: 'Error', message: '' } },
  ])('does not beat $status', (outcome) => {
    expect(transitions.answered(ended(outcome), answer)).toBeUndefined()
  })

  it('does not beat another one, nor what was taken', () => {
    expect(transitions.answered(answered(), answer)).toBeUndefined()
    expect(transitions.answered(taken(), answer)).toBeUndefined()
  })

  it('is taken whoever asked, also by a process whose mark was taken over', () => {
    expect(
      answered(the(transitions.marked(transitions.unmarked(polling(), { schedule, dueAt: 1 }), mark))),
    ).toMatchObject({
      state: 'answered',
      before: 'pending',
    })
  })

  it('that is refused leaves what was before (CIBA Core 10.3.1)', () => {
    const known = { dueAt: 5, secret: 'more', owner: 'a', sentAt: BEGUN_AT }
    expect(transitions.restored(answered(pending()), known)).toMatchObject({ state: 'pending', schedule })
    expect(transitions.restored(answered(startingRecord()), known)).toMatchObject({ state: 'starting', owner: 'a' })
    const unacknowledged = answered(ended({ status: 'unacknowledged' }))
    expect(transitions.restored(unacknowledged, known)).toMatchObject({ state: 'starting' })
  })

  it('that cannot be judged yet is looked at again', () => {
    expect(transitions.postponed(answered(), 99)).toMatchObject({
      state: 'answered',
      attempts: 1,
      dueAt: 99,
      version: 5,
    })
  })
})
