/*
 * How mutants are made and tried. tools/mutation/main.ts adds which files to mutate, and reads the result.
 */

import './remove-statements.mjs'

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner', './tools/mutation/ignore-messages.mjs'],
  // a text that only a person reads is no check
  ignorers: ['messages'],
  coverageAnalysis: 'perTest',
  ignoreStatic: false,
  concurrency: 2,
  // a loop without end is seen by how often it turns; on a busy machine a test may take its time
  timeoutMS: 30_000,
  reporters: ['progress-append-only'],
  tempDirName: '.mutation',
  allowEmpty: false,
}
