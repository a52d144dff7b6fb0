import fc from 'fast-check'
import type { Scene } from '../harness/scene.ts'
import { garbageButUndefined } from './garbage.ts'
import { mostly, pick } from './mostly.ts'

/** What the caller's `modifyAssertion` does with a JWT right before it is signed. */
export type ModificationInput = 'no options' | Deed | { readonly hook: unknown } | { readonly options: unknown }

const DEEDS = [
  'empty options',
  'set',
  'delete',
  'throw',
  'replace alg',
  'not JSON',
  'return',
  'return a promise',
] as const
type Deed = (typeof DEEDS)[number]

export const modification: fc.Arbitrary<ModificationInput> = mostly<ModificationInput, ModificationInput>(
  'no options',
  fc.oneof(
    pick(...DEEDS),
    pick(...DEEDS),
    garbageButUndefined.map((hook) => ({ hook })),
    garbageButUndefined.map((options) => ({ options })),
  ),
  4,
)

/** One fault at a time: with a key that is refused, nobody minds whether the hook would have been called before. */
export function onlyWith(goodKey: boolean, input: ModificationInput): ModificationInput {
  return goodKey ? input : 'no options'
}

export function makeModification(input: ModificationInput, scene: Scene): unknown {
  if (input === 'no options') return undefined
  if (input === 'empty options') return {}
  if (typeof input === 'object' && 'options' in input) return input.options
  return { [scene.library.modifyAssertion]: typeof input === 'object' ? input.hook : deed(input, scene) }
}

type Part = Record<string, unknown>

function deed(what: Deed, scene: Scene): (header: Part, payload: Part, ...more: unknown[]) => unknown {
  return (header, payload, ...more) => {
    if (more.length > 0) scene.note('further arguments of modifyAssertion', more)
    switch (what) {
      case 'set':
        Object.assign(header, { typ: 'own', x: [1] })
        Object.assign(payload, { aud: ['a', 'b'], jti: 1, own: { deep: null } })
        return
      case 'delete':
        for (const name of Object.keys(payload)) Reflect.deleteProperty(payload, name)
        Reflect.deleteProperty(header, 'alg')
        return
      case 'replace alg':
        header.alg = 'EdDSA'
        return
      case 'not JSON':
        Object.assign(payload, {
          nothing: undefined,
          infinite: Number.POSITIVE_INFINITY,
          call: () => 1,
          date: new Date(0),
        })
        return
      case 'throw':
        throw scene.name(new Error('thrown'), 'the failure of modifyAssertion')
      case 'return':
        return { header: {}, payload: {} }
      case 'return a promise':
        return Promise.resolve('nobody waits for this')
      default:
        return
    }
  }
}
