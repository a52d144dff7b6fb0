import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backchannelResponse } from '../topics/backchannel-response.ts'
import { challenge } from '../topics/challenge.ts'
import { codeChallenge } from '../topics/small-functions.ts'
import { discoveryRequest } from '../topics/discovery-request.ts'
import { discoveryResponse } from '../topics/discovery-response.ts'
import { run } from './campaign.ts'
import { freeze, thaw } from './clock.ts'
import { type Library, theirs } from './library.ts'
import { describeFinding } from './report.ts'
import type { Topic } from './topic.ts'

/** oauth4webapi stands in for ours, with one thing changed: the harness must see each kind of change. */
interface Planted {
  readonly title: string
  readonly topic: Topic
  readonly change: Partial<Library>
  /** Where the difference shows. */
  readonly path: RegExp
}

const { processDiscoveryResponse, discoveryRequest: discover, OperationProcessingError } = theirs

/** Changes what a refusal looks like, and leaves success alone. */
function refusingWith<Args extends unknown[], Value>(
  original: (...args: Args) => Promise<Value>,
  changed: (refusal: Error) => unknown,
): (...args: Args) => Promise<Value> {
  return async (...args) => {
    try {
      return await original(...args)
    } catch (refusal) {
      throw refusal instanceof Error ? changed(refusal) : refusal
    }
  }
}

const acknowledged = theirs.processBackchannelAuthenticationResponse

const planted: readonly Planted[] = [
  {
    title: 'an acceptance where theirs refuses',
    topic: discoveryResponse,
    change: {
      processDiscoveryResponse: (...args) => processDiscoveryResponse(...args).catch(() => ({ issuer: 'any' })),
    },
    path: /^processDiscoveryResponse\.(?:rejects|resolves)/,
  },
  {
    title: 'a refusal where theirs accepts',
    topic: backchannelResponse,
    change: {
      async processBackchannelAuthenticationResponse(...args) {
        const answer = await acknowledged(...args)
        if (answer.interval !== undefined) throw new OperationProcessingError('no interval, please')
        return answer
      },
    },
    path: /^processBackchannelAuthenticationResponse\.(?:rejects|resolves)/,
  },
  {
    title: 'another value of one member',
    topic: backchannelResponse,
    change: {
      processBackchannelAuthenticationResponse: async (...args) => ({ interval: 5, ...(await acknowledged(...args)) }),
    },
    path: /resolves\.interval$/,
  },
  {
    title: 'another class with the same code',
    topic: discoveryResponse,
    change: {
      processDiscoveryResponse: refusingWith(processDiscoveryResponse, (refusal) =>
        Object.assign(new RangeError(refusal.message, { cause: refusal.cause }), {
          code: Reflect.get(refusal, 'code'),
        }),
      ),
    },
    path: /rejects\.class$/,
  },
  {
    title: 'another code of the same class',
    topic: discoveryResponse,
    change: {
      processDiscoveryResponse: refusingWith(processDiscoveryResponse, (refusal) =>
        Object.assign(refusal, { code: 'ANOTHER_CODE' }),
      ),
    },
    path: /rejects\.code$/,
  },
  {
    title: 'another status of a server’s error answer',
    topic: backchannelResponse,
    change: {
      processBackchannelAuthenticationResponse: refusingWith(acknowledged, (refusal) =>
        refusal instanceof theirs.ResponseBodyError ? Object.assign(refusal, { status: 418 }) : refusal,
      ),
    },
    path: /rejects\.status$/,
  },
  {
    title: 'a lost description of a server’s error answer',
    topic: backchannelResponse,
    change: {
      processBackchannelAuthenticationResponse: refusingWith(acknowledged, (refusal) => {
        Reflect.deleteProperty(refusal, 'error_description')
        return refusal
      }),
    },
    path: /rejects\.error_description$/,
  },
  {
    title: 'another reading of a challenge',
    topic: challenge,
    change: {
      processBackchannelAuthenticationResponse: refusingWith(acknowledged, (refusal) => {
        if (refusal instanceof theirs.WWWAuthenticateChallengeError) refusal.cause = refusal.cause.slice(0, 1)
        return refusal
      }),
    },
    path: /rejects\.cause\.1/,
  },
  {
    title: 'another request header',
    topic: discoveryRequest,
    change: {
      discoveryRequest: (issuer, options) => discover(issuer, { ...options, headers: { 'x-planted': '1' } }),
    },
    path: /^request 1\.headers\.x-planted$/,
  },
  {
    title: 'one request more',
    topic: discoveryRequest,
    change: {
      async discoveryRequest(issuer, options) {
        await discover(issuer, options)
        return await discover(issuer, options)
      },
    },
    path: /^request 2|discoveryRequest\.resolves$/,
  },
  {
    title: 'another response than the one that arrived',
    topic: discoveryRequest,
    change: { discoveryRequest: async (...args) => (await discover(...args)).clone() },
    path: /^discoveryRequest\.resolves$/,
  },
  {
    title: 'a body that is read although it was not before',
    topic: discoveryResponse,
    change: { processDiscoveryResponse: (issuer, response) => processDiscoveryResponse(issuer, response.clone()) },
    path: /^body used$/,
  },
  {
    title: 'a throw instead of a rejection',
    topic: codeChallenge,
    change: {
      calculatePKCECodeChallenge(verifier) {
        if (typeof verifier !== 'string') throw new TypeError('not a string')
        return theirs.calculatePKCECodeChallenge(verifier)
      },
    },
    path: /calculatePKCECodeChallenge\.rejects$/,
  },
]

describe('the harness', () => {
  beforeAll(freeze)
  afterAll(thaw)

  it.each(planted)('finds $title', async ({ topic, change, path }) => {
    const ours: Library = { ...theirs, ...change }
    const { findings } = await run({ topic, theirs, ours, cases: 400, seed: 20250601, limit: 4 })
    const places = findings.flatMap(({ differences }) => differences.map((one) => one.path.join('.')))
    expect(places.filter((place) => path.test(place))).not.toEqual([])
    const finding = findings[0] ?? expect.fail()
    expect(describeFinding(finding, 'node')).toContain('replay: npm run differential -- --topic')
    expect(describeFinding(finding, 'web')).toContain('replay: npm run differential -- --engine web --topic')
  })

  it('finds the same again from the seed and the path that it printed', async () => {
    const ours: Library = { ...theirs, ...planted[4]?.change }
    const campaign = { topic: discoveryResponse, theirs, ours, cases: 400, limit: 5 }
    const [first] = (await run({ ...campaign, seed: 1 })).findings
    const [again] = (await run({ ...campaign, seed: first?.seed ?? 0, path: first?.path })).findings
    expect(again?.input).toEqual(first?.input)
    expect(again?.differences).toEqual(first?.differences)
  })

  it('goes on behind a finding, and never reports one twice', async () => {
    const ours: Library = { ...theirs, ...planted[0]?.change }
    const { findings } = await run({ topic: discoveryResponse, theirs, ours, cases: 400, seed: 1, limit: 5 })
    expect(findings.length).toBeGreaterThan(1)
    expect(new Set(findings.map(({ signature }) => signature)).size).toBe(findings.length)
  })
})
