import { assertObject, assertString } from '../errors/invalid-argument.ts'

/** The argument is the metadata of an authorization server. */
export function assertServer(as: object): void {
  assertObject(as, 'as')
  assertString('issuer' in as ? as.issuer : undefined, 'as.issuer')
}

/** The argument is the metadata of a client. */
export function assertClient(client: object): void {
  assertObject(client, 'client')
  assertString('client_id' in client ? client.client_id : undefined, 'client.client_id')
}
