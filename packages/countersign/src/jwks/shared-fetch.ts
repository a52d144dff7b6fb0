import { signalOf } from '../http/fetch.ts'
import { customFetch, type HttpRequestOptions } from '../http/options.ts'
import type { JWKS } from '../jose/jwk.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { ValidateSignatureOptions } from './options.ts'
import { fetchJwks, type JwksRequest, jwksRequest } from './request.ts'

/** A request that is under way, and those who wait for it. */
interface Flight {
  readonly jwks: Promise<JWKS>
  readonly controller: AbortController
  waiting: number
}

type Fetch = HttpRequestOptions<'GET'>[typeof customFetch]

// by server, and by the function that fetches: two of those may reach two different networks
const flights = new WeakMap<AuthorizationServer, Map<Fetch, Flight>>()

/**
 * Fetches a server's keys, once for all who ask at the same time with the same {@link customFetch}, and with the other
 * options of who asked first. Whoever aborts stops waiting; the request itself is aborted when nobody waits any longer. A
 * failure is forgotten at once.
 */
export async function fetchShared(as: AuthorizationServer, options: ValidateSignatureOptions): Promise<JWKS> {
  // everybody's own options are looked at, also of those who join a request that is under way
  const request = jwksRequest(as, options)
  const signal = signalOf(request.url, options)

  const flightsOfServer = flights.get(as) ?? new Map<Fetch, Flight>()
  flights.set(as, flightsOfServer)
  const fetchOf = options[customFetch]
  const flight = flightsOfServer.get(fetchOf) ?? start(request, options, signal !== undefined)
  flightsOfServer.set(fetchOf, flight)
  const land = (): void => {
    if (flightsOfServer.get(fetchOf) === flight) flightsOfServer.delete(fetchOf)
  }
  flight.jwks.then(land, land)
  return await join(flight, signal, land)
}

function start(request: JwksRequest, options: ValidateSignatureOptions, abortable: boolean): Flight {
  const controller = new AbortController()
  const { signal: _, ...others } = options
  const jwks = fetchJwks(request, abortable ? { ...others, signal: controller.signal } : others)
  return { jwks, controller, waiting: 0 }
}

function join(flight: Flight, signal: AbortSignal | undefined, land: () => void): Promise<JWKS> {
  flight.waiting++
  if (signal === undefined) return flight.jwks
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      flight.waiting--
      if (flight.waiting === 0) {
        // whoever asks from now on needs a request that is not aborted
        land()
        flight.controller.abort(signal.reason)
      }
      reject(signal.reason as Error)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave)
    const settle = (): void => signal.removeEventListener('abort', leave)
    flight.jwks.then(resolve, reject).then(settle, settle)
  })
}
