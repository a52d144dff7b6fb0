// What every runtime and browser must be able to do, with nothing but web APIs and the published build. It is compiled
// as it stands for Node, Bun and Deno, and bundled for workerd and for pages.
import { AuthorizationResponseError, ResponseBodyError } from 'countersign'
import { authorizationCode } from './authorization-code.ts'
import { ciba } from './ciba.ts'
import { clientCredentials } from './client-credentials.ts'
import type { Configuration, Flow, Outcome } from './configuration.ts'
import { device } from './device.ts'
import { registration } from './registration.ts'
import { signature } from './signature.ts'

const FLOWS: Readonly<Record<Flow, (configuration: Configuration) => Promise<object>>> = {
  ciba,
  'authorization-code': authorizationCode,
  device,
  'client-credentials': clientCredentials,
  registration,
  signature,
}

/** Runs one flow; a refusal is an outcome too, told by the name and code of its error. */
export async function runProgram(configuration: Configuration): Promise<Outcome> {
  try {
    return await FLOWS[configuration.flow](configuration)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) {
      throw error
    }
    const refusal = { name: error.name, code: String(error.code) }
    const isServers = error instanceof ResponseBodyError || error instanceof AuthorizationResponseError
    return { error: isServers ? { ...refusal, oauthError: error.error } : refusal }
  }
}
