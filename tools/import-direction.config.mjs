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
  'resource-server',
  // the face of the package, and the published subpaths, which are built on it
  'index.ts',
  'explain',
  'client',
  'jwe',
  'federation',
]

const SOURCES = '^packages/countersign/src/'

// tests and what only they use may import everything
const TESTS = `${SOURCES}(?:testing/|.*\\.test\\.ts$)`

const directions = FOLDERS.map((folder, place) => {
  const allowed = FOLDERS.slice(0, place + 1).map(pathOf)
  return {
    name: `from-${folder}`,
    comment: `${folder} imports from itself and from what stands before it in the list of folders`,
    severity: 'error',
    from: { path: pathOf(folder), pathNot: TESTS },
    to: { path: SOURCES, pathNot: [...allowed, TESTS] },
  }
})

function pathOf(folder) {
  return `${SOURCES}${folder.replace('.', '\\.')}${folder.includes('.') ? '$' : '/'}`
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...directions,
    {
      name: 'unlisted-folder',
      comment: 'a new folder takes its place in the list of folders',
      severity: 'error',
      from: { path: SOURCES, pathNot: [...FOLDERS.map(pathOf), TESTS] },
      to: {},
    },
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
      from: { path: SOURCES, pathNot: TESTS },
      to: { pathNot: SOURCES },
    },
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
