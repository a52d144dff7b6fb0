// `npm run check:unused`: files, exports and dependencies that nothing uses. Its second run, with --production, looks at
// what is published without the tests, and so finds what only a test uses.
const production = process.argv.includes('--production')

/** @type {import('knip').KnipConfig} */
export default {
  // a type that the exports of its own file are made of may have a name outside it; and rules are exported so that the
  // tests can name them
  ignoreExportsUsedInFile: production ? true : { interface: true, type: true },
  // interop/consumers runs the commands of the first two, tools/mutation/stryker.config.mjs names the third
  ignoreDependencies: ['@arethetypeswrong/cli', 'publint', '@stryker-mutator/vitest-runner'],
  // of Debian
  ignoreBinaries: ['redis-server'],
  // one value under two names, to hold its two types against each other
  ignoreIssues: { 'tools/parity/programs/*.ts': ['duplicates'] },
  workspaces: {
    '.': {
      entry: [
        'tools/**/*.mjs',
        'tools/rulebook/main.ts',
        'tools/mutation/main.ts',
        'tools/mutation/vitest.config.ts',
        'tools/reference/main.ts',
        'examples/*.ts',
        'benchmarks/*/run.mjs',
        'benchmarks/{library,bundles,server,growth,charts}/main.ts',
        // what runs in processes of their own
        'benchmarks/library/heap-child.mjs',
        'benchmarks/server/server.mjs',
        'benchmarks/growth/child.ts',
        'benchmarks/backchannel/{server,client}.mjs',
        // the compiler reads these, nothing imports them
        'tools/parity/programs/*.ts',
      ],
      project: ['tools/**/*.{ts,mjs}', 'examples/**/*.ts', 'benchmarks/**/*.{ts,mjs}', '*.config.{ts,js}'],
    },
    'packages/countersign': { project: ['src/**/*.ts!', '!src/**/*.test.ts!', '!src/testing/**!'] },
    'packages/backchannel': {
      project: ['src/**/*.ts!', '!src/**/*.test.ts!', '!src/testing/**!'],
      // optional peers, for who loads the subpaths of those
      ignoreDependencies: production ? ['@opentelemetry/api', 'bullmq', 'ioredis'] : [],
    },
    'packages/cli': {
      entry: ['src/demo/main.ts!'],
      project: ['src/**/*.ts!', '!src/**/*.test.ts!'],
    },
    interop: {
      // what is started inside each runtime
      entry: ['runtimes/main.ts', 'runtimes/worker.ts', 'browsers/page.ts', 'crash/child.mjs'],
      project: ['**/*.ts', 'crash/*.mjs'],
    },
  },
}
