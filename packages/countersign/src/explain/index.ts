/**
 * What a refusal means and what to do about it, in sentences: apart from the library, so that only those load it who want
 * it.
 *
 * @module countersign/explain
 */

export { explain, type Explanation } from './explain.ts'
