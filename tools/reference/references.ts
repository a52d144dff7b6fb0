import { ROOT } from '../rulebook/package-program.ts'
import type { Sources } from './reachable-errors.ts'
import { type Chapter, OF_THE_BACKCHANNEL, OF_THE_LIBRARY } from './categories.ts'

/** What the API reference of a package is made of. */
export interface Reference extends Sources {
  readonly title: string
  /** The folder of the package, with a slash at the end. */
  readonly folder: string
  /** Its modules, from its sources. */
  readonly entryPoints: readonly string[]
  readonly chapters: readonly Chapter[]
  readonly tsconfig: string
  /** The pages of `docs/` that stand beside it. */
  readonly pages: readonly string[]
  readonly out: string
  /** Names that types need and users do not. */
  readonly hidden: readonly string[]
  /** What only tells the compiler something, by its full name. */
  readonly undocumented: readonly string[]
}

/** What only tells the compiler where to find the host's own type. */
const INSIDE_CRYPTO_KEY = [
  'crypto',
  'crypto.__type.subtle',
  'crypto.__type.subtle.__type.generateKey',
  'crypto.__type.subtle.__type.generateKey.parameters',
  'type',
].map((member) => `countersign.CryptoKey.__type.${member}`)

/** That of `countersign`. */
export const LIBRARY: Reference = {
  title: 'countersign: API reference',
  folder: `${ROOT}packages/countersign/`,
  sources: `${ROOT}packages/countersign/src/`,
  mistakes: 'errors/invalid-argument.ts',
  entryPoints: ['index.ts', 'explain/index.ts'],
  chapters: OF_THE_LIBRARY,
  tsconfig: `${ROOT}packages/countersign/tsconfig.build.json`,
  pages: ['migrating', 'callbacks', 'differences', 'rules'],
  out: `${ROOT}docs/api`,
  // the structure of a type that the host declares, and the list that a union of names is made of
  hidden: ['StructuralCryptoKey', 'JWS_ALGORITHMS'],
  undocumented: INSIDE_CRYPTO_KEY,
}

/** That of `@countersign/backchannel`. */
const BACKCHANNEL: Reference = {
  title: '@countersign/backchannel: API reference',
  folder: `${ROOT}packages/backchannel/`,
  sources: `${ROOT}packages/backchannel/src/`,
  mistakes: 'errors/backchannel-error.ts',
  entryPoints: ['index.ts', 'redis/index.ts', 'opentelemetry/index.ts'],
  chapters: OF_THE_BACKCHANNEL,
  tsconfig: `${ROOT}tools/reference/tsconfig.json`,
  pages: ['backchannel', 'backchannel-redis', 'callbacks'],
  out: `${ROOT}docs/api/backchannel`,
  hidden: [],
  undocumented: [],
}

/** The library first: the other one links to it. */
export const REFERENCES: readonly Reference[] = [LIBRARY, BACKCHANNEL]
