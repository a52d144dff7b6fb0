// `npm run check:unused`: files, exports and dependencies that nothing uses. Its second run, with --production, looks at
// what is published without the tests, and so finds what only a test uses.
const production = process.argv.includes('--production')

/** @type {import('knip').KnipConfig} */
export default {
  // a type that the exports of its own file are made of may have a name outside it; and rules are exported so that the
  // tests can name them
  ignoreExportsUsedInFile: production ? true : { interface: true, type: true },
  // interop/consumers runs their commands
  ignoreDependencies: ['@arethetypeswrong/cli', 'publint'],
  // one value under two names, to hold its two types against each other
  ignoreIssues: { 'tools/parity/programs/*.ts': ['duplicates'] },
  workspaces: {
    '.': {
      entry: [
        'tools/**/*.mjs',
        'tools/rulebook/main.ts',
        'examples/*.ts',
        // the compiler reads these, nothing imports them
        'tools/parity/programs/*.ts',
      ],
      project: ['tools/**/*.{ts,mjs}', 'examples/**/*.ts', '*.config.{ts,js}'],
    },
    'packages/countersign': { project: ['src/**/*.ts!', '!src/**/*.test.ts!', '!src/testing/**!'] },
    'packages/cli': {
      entry: ['src/demo/main.ts!'],
      project: ['src/**/*.ts!', '!src/**/*.test.ts!'],
    },
    interop: {
      // what is started inside each runtime
      entry: ['runtimes/main.ts', 'runtimes/worker.ts', 'browsers/page.ts'],
      project: ['**/*.ts'],
    },
  },
}
