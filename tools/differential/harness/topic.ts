import type * as fc from 'fast-check'
import type { Library } from './library.ts'
import type { Scene } from './scene.ts'

/** A family of cases: how one is generated, and what is done with it in each library. */
export interface Topic<Input = unknown> {
  readonly name: string
  /** Exports that the topic calls; while one of them is absent from ours, it is not run. */
  readonly needs: readonly string[]
  /** The share of the cases, relative to the other topics. */
  readonly weight: number
  readonly input: fc.Arbitrary<Input>
  /** Prepares what both libraries shall see, and returns what is then done once in each. */
  readonly stage: (input: Input) => (scene: Scene) => Promise<void>
}

export function topic<Input>(definition: Topic<Input>): Topic {
  return {
    ...definition,
    input: definition.input,
    // fast-check hands back what `definition.input` made: the assertion restores the type that the list forgot.
    stage: (input) => definition.stage(input as Input),
  }
}

export function absentFrom(library: Library, { needs }: Topic): string[] {
  return needs.filter((name) => Reflect.get(library, name) === undefined)
}
