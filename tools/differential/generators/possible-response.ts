import fc from 'fast-check'
import type { Scene } from '../harness/scene.ts'
import { garbage, wrong } from './garbage.ts'
import { makeResponse, type ResponseInput } from './response.ts'

/** What a caller passes where a response belongs: nearly always one. */
export type PossibleResponse = ResponseInput | { readonly garbage: unknown }

export function possibly(response: fc.Arbitrary<ResponseInput>): fc.Arbitrary<PossibleResponse> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: response, weight: 60 },
    { arbitrary: garbage.map((value) => ({ garbage: value })), weight: 1 },
  )
}

export interface Given {
  readonly response: Response
  /** Writes down whether the body was read: a caller may want to read what the library refused. */
  readonly noteBody: () => void
}

export async function give(scene: Scene, input: PossibleResponse): Promise<Given> {
  if ('garbage' in input) return { response: wrong(input.garbage), noteBody: () => undefined }
  const response = scene.name(await makeResponse(input), 'the response')
  return { response, noteBody: () => scene.note('body used', response.bodyUsed) }
}
