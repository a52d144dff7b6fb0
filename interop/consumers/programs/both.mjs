// What is bundled: the library as a module imports it, and as another one of the same program requires it.
export * as imported from 'countersign'
export { required } from './required.cjs'
