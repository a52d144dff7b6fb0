import { aboutAnswer, readJsonObject } from '../http/body.ts'
import { assertStatus } from '../http/error-answer.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import type { Rule } from '../rules/rule.ts'
import type { JsonObject } from '../values/json.ts'

/** An answer of success whose body is a JSON object; its members are still to be looked at. */
export interface JsonAnswer {
  readonly body: JsonObject
  /** For rules about the body's members. */
  readonly aboutBody: Context
  /** For rules about what else the answer holds. */
  readonly context: Context
}

/** The context of rules about the answer of a server's endpoint to a client. */
export function aboutEndpointAnswer(as: AuthorizationServer, client: Client, response: Response): Context {
  assertServer(as)
  assertClient(client)
  return aboutAnswer(response, client)
}

/** Reads the answer of an endpoint that answers a client's form with JSON, or refuses it as what it is instead. */
export async function readJsonAnswer(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  status: number,
  statusRule: Rule,
): Promise<JsonAnswer> {
  const context = aboutEndpointAnswer(as, client, response)
  await assertStatus(context, response, status, statusRule)
  const body = await readJsonObject(context, response)
  return { body, aboutBody: aboutDocument(context, 'body', body), context }
}
