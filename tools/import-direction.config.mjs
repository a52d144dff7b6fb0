// Which file of the library may import which: `npm run check:imports`. See docs/architecture in CONTRIBUTING.md.

/**
 * The folders of packages/countersign/src in their one order, which is the way of a request and its answer: a file imports
 * from its own folder and from folders that stand before it.
 */
export const FOLDERS = [
  'values',
  'errors',
  'engine',
  'rules',
  'metadata',
  'jose',
  'http',
  'jwks',
  'dpop',
  'client-authentication',
  'exchange',
  'tokens',
  'endpoints',
  'authorization',
  'grants',
  'polling',
  'callbacks',
  'backchannel-request',
  'resource-server',
  // the face of the package, and the published subpaths, which are built on it
  'index.ts',
  'explain',
  'client',
  'jwe',
  'federation',
]

/** The same for packages/backchannel/src, which is built on that library, and on a store. */
export const BACKCHANNEL_FOLDERS = [
  'errors',
  'transaction',
  'sealing',
  'backend',
  'events',
  'scheduling',
  'settings',
  'embedded',
  'redis',
  'server',
  'running',
  'handler',
  'face',
  'index.ts',
  'opentelemetry',
]

/** Dependencies of @countersign/backchannel that one folder alone may load, by what they are called there. */
const OF_ONE_FOLDER = {
  'node_modules/classic-level': 'embedded',
  'node_modules/(?:bullmq|ioredis)': 'redis',
  'node_modules/@opentelemetry': 'opentelemetry',
}

const LIBRARY = '^packages/countersign/src/'
const BACKCHANNEL = '^packages/backchannel/src/'

// tests and what only they use may import everything
const TESTS = '^packages/[^/]+/src/(?:testing/|.*\\.test\\.ts$)'

function directionsOf(sources, folders) {
  const pathOf = (folder) => `${sources}${folder.replace('.', '\\.')}${folder.includes('.') ? '$' : '/'}`
  return [
    ...folders.map((folder, place) => ({
      name: `from-${folder}`,
      comment: `${folder} imports from itself and from what stands before it in the list of folders`,
      severity: 'error',
      from: { path: pathOf(folder), pathNot: TESTS },
      to: { path: sources, pathNot: [...folders.slice(0, place + 1).map(pathOf), TESTS] },
    })),
    {
      name: 'unlisted-folder',
      comment: 'a new folder takes its place in the list of folders',
      severity: 'error',
      from: { path: sources, pathNot: [...folders.map(pathOf), TESTS] },
      to: {},
    },
  ]
}

const SOURCES = [LIBRARY, BACKCHANNEL]

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...directionsOf(LIBRARY, FOLDERS),
    ...directionsOf(BACKCHANNEL, BACKCHANNEL_FOLDERS),
    {
      name: 'no-tests-in-the-library',
      comment: 'what is published does not import what only the tests use',
      severity: 'error',
      from: { path: SOURCES, pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'no-dependencies',
      comment: 'the library has no run-time dependencies, and runs where Node is not',
      severity: 'error',
      from: { path: LIBRARY, pathNot: [`${LIBRARY}engine/node\\.ts$`, TESTS] },
      to: { pathNot: LIBRARY },
    },
    {
      name: 'no-dependencies-on-node',
      comment: 'nor has the engine of Node, which asks Node itself',
      severity: 'error',
      from: { path: `${LIBRARY}engine/node\\.ts$` },
      to: { pathNot: [LIBRARY, '^(?:node:)?crypto$'] },
    },
    {
      name: 'by-the-face',
      comment: 'the library is used by what it publishes',
      severity: 'error',
      from: { path: BACKCHANNEL, pathNot: TESTS },
      to: { path: LIBRARY, pathNot: `${LIBRARY}index\\.ts$` },
    },
    ...Object.entries(OF_ONE_FOLDER).map(([dependency, folder]) => ({
      name: `only-in-${folder}`,
      comment: 'who does not use that folder need not have what it loads',
      severity: 'error',
      from: { path: BACKCHANNEL, pathNot: [`${BACKCHANNEL}${folder}/`, TESTS] },
      to: { path: dependency },
    })),
    { name: 'no-cycles', severity: 'error', from: { path: SOURCES, pathNot: TESTS }, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'a file that nothing imports, and that imports nothing, is of no use',
      severity: 'error',
      from: { path: SOURCES, pathNot: TESTS, orphan: true },
      to: {},
    },
  ],
  options: {
    // a type is a dependency too: it must be read before the file that uses it can be understood
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      // as the tests and the type checker resolve: #engine and the published subpaths are their sources
      conditionNames: ['@countersign/source', 'import', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts'],
    },
  },
}
