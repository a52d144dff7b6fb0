import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import * as countersign from 'countersign'
import { as } from '../../packages/countersign/src/testing/answers.ts'
import { accessToken, accessTokenClaims, AUDIENCE } from '../../packages/countersign/src/testing/resource-server.ts'
import { epochSeconds } from '../../packages/countersign/src/values/time.ts'
import { type Algorithm, forged, serverKey } from '../library/keys.ts'
import { machine } from '../measuring/machine.ts'
import { pairedRatios, quartilesOf } from '../measuring/statistics.ts'
import { table } from '../measuring/table.ts'
import { type Kind, type Server, startServer } from './servers.ts'

interface Settings {
  readonly alg: Algorithm
  readonly rounds: number
  /** Of each server in a round, twice. */
  readonly seconds: number
  readonly connections: number
  /** Writes what they did down. */
  readonly record: boolean
}

/** What a server did in each round. */
export interface Load {
  readonly kind: Kind
  /** In a second. */
  readonly requests: number[]
  /** Milliseconds within which 99 of 100 were answered. */
  readonly p99: number[]
}

/** Loads the servers in turns, and prints what they did. */
export async function main(settings: Settings): Promise<void> {
  const { alg, rounds, seconds, connections, record } = settings
  const key = serverKey(alg)
  const claims = accessTokenClaims({ exp: epochSeconds() + 3600 })
  const tokens = Array.from({ length: 64 }, (_, index) => accessToken({ ...claims, jti: `token-${index}` }, {}, key))
  const kinds: Kind[] = ['no validation', 'countersign', 'oauth4webapi']
  if ('syncCrypto' in countersign) kinds.push('countersign, sync')
  const validation = { as, audience: AUDIENCE, jwk: key.jwk }
  const servers = await Promise.all(kinds.map((kind) => startServer(kind, validation)))
  const loads: Load[] = kinds.map((kind) => ({ kind, requests: [], p99: [] }))
  try {
    for (const server of servers) await prove(server, tokens)
    // so that everything is compiled
    for (const server of servers) await load(server, tokens, { ...settings, seconds: 1 })
    for (let round = 0; round < rounds; round++) {
      for (const server of [...servers, ...[...servers].reverse()]) {
        const { requests, p99 } = await load(server, tokens, settings)
        const own = loads.find(({ kind }) => kind === server.kind)
        own?.requests.push(requests)
        own?.p99.push(p99)
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
  console.log(`\n${alg} tokens, ${connections} connections, ${2 * rounds} times ${seconds} s each, in turns; medians\n`)
  console.log(tableOf(loads))
  if (!record) return
  const path = fileURLToPath(new URL('last-run.json', import.meta.url))
  const command = `npm run bench:server -- --alg ${alg} --connections ${connections}`
  await writeFile(path, `${JSON.stringify({ ...machine(), command, loads }, undefined, 2)}\n`)
}

/** Throws where a server lets in whom it should not, or the other way round. */
async function prove({ kind, url }: Server, tokens: readonly string[]): Promise<void> {
  const statusOf = async (token: string) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status
  const [token = ''] = tokens
  const expected = kind === 'no validation' ? [200, 200] : [200, 401]
  const seen = [await statusOf(token), await statusOf(forged(token))]
  if (seen.join() !== expected.join()) throw new Error(`the server with ${kind} answers ${seen.join(' and ')}`)
}

async function load(
  { kind, url }: Server,
  tokens: readonly string[],
  { connections, seconds }: Settings,
): Promise<{ requests: number; p99: number }> {
  const requests = tokens.map((token) => ({ headers: { authorization: `Bearer ${token}` } }))
  const {
    errors,
    latency,
    non2xx,
    requests: answered,
  } = await autocannon({
    url,
    connections,
    duration: seconds,
    requests,
  })
  if (errors > 0 || non2xx > 0) throw new Error(`the server with ${kind} refused ${non2xx}, and failed ${errors} times`)
  return { requests: answered.average, p99: latency.p99 }
}

function tableOf(loads: readonly Load[]): string {
  const theirs = loads.find(({ kind }) => kind === 'oauth4webapi')?.requests ?? []
  const rows = loads.map(({ kind, requests, p99 }) => {
    const { low, median, high } = pairedRatios(requests, theirs)
    return [
      kind,
      Math.round(quartilesOf(requests).median),
      `${quartilesOf(p99).median.toFixed(1)} ms`,
      median.toFixed(2),
      `${low.toFixed(2)}–${high.toFixed(2)}`,
    ]
  })
  return table([['server', 'requests a second', 'p99', 'over oauth4webapi', 'quartiles'], ...rows])
}
