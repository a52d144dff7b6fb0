// `npm run check:lint`. A rule that is off, or loose, has its reason beside it.
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const LIBRARY = 'packages/countersign/src/**/*.ts'
const TESTS = ['**/*.test.ts', '**/testing/**']

/** Globals that one place of the library uses, for all. */
const ONE_PLACE = {
  fetch: 'requests leave through send() of http/fetch.ts',
  crypto: 'cryptography is behind #engine',
  Date: 'the time is read by epochSeconds() of values/time.ts',
  console: 'a library writes nothing: errors and the trace carry what there is to say',
  process: 'not every runtime has it',
  Buffer: 'not every runtime has it',
}

function inOnePlace(...here) {
  const elsewhere = Object.entries(ONE_PLACE).filter(([name]) => !here.includes(name))
  return {
    'no-restricted-globals': ['error', ...elsewhere.map(([name, message]) => ({ name, message }))],
    'no-restricted-properties': [
      'error',
      ...elsewhere.map(([property, message]) => ({ object: 'globalThis', property, message })),
    ],
  }
}

const EXTENSION = {
  selector: `:matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration)[source.value=/^\\.{1,2}\\u002F.*(?<!\\.(?:ts|mjs|json))$/]`,
  message: 'a relative import names its file, with .ts at the end',
}

const BARREL = {
  selector: 'ExportAllDeclaration, ExportNamedDeclaration[source!=null]',
  message: 'import from the file itself: only the faces, index.ts, pass on what other files export',
}

export default defineConfig(
  globalIgnores(['**/dist/', '**/coverage/', '.runtimes/', 'docs/api/', 'tools/runtimes/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `typeof import('x')` is the only way to the type of a module that is loaded later
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // a promise that is returned without takes two turns more, and its function is missing in the stack trace
      '@typescript-eslint/return-await': ['error', 'always'],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-syntax': ['error', EXTENSION, BARREL],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',

      // a type alias of an object can be given for a JSON object, an interface cannot
      '@typescript-eslint/consistent-type-definitions': 'off',
      // `[claim: string]` says what the names are, Record<string, …> does not
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // without await, async still makes what a function throws a rejection
      '@typescript-eslint/require-await': 'off',
      // a number in a text reads as it is
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => done()` is how a callback is written that nobody asks for a result
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // the name for the options of one function, which may get some of its own
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // `{ kid: _, ...others }` is how a member is left out
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // deprecated for the editor's strike-through only
      '@typescript-eslint/no-deprecated': ['error', { allow: ['allowInsecureRequests', 'nopkce'] }],
    },
  },
  { files: ['**/index.ts'], rules: { 'no-restricted-syntax': ['error', EXTENSION] } },

  { files: [LIBRARY], ignores: TESTS, rules: inOnePlace() },
  { files: ['packages/countersign/src/http/fetch.ts'], rules: inOnePlace('fetch') },
  { files: ['packages/countersign/src/engine/*.ts'], ignores: TESTS, rules: inOnePlace('crypto') },
  { files: ['packages/countersign/src/engine/node.ts'], rules: inOnePlace('process') },
  { files: ['packages/countersign/src/values/time.ts'], rules: inOnePlace('Date') },

  {
    files: TESTS,
    rules: {
      // expect.any() and its like are `any`, and so is what a hostile answer is made of
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      // objects that only look like a Response
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      // a text is spread into the characters that generated texts are made of, an error into what a log would show
      '@typescript-eslint/no-misused-spread': 'off',
      // platform functions are taken from their objects, to be put back after the test
      '@typescript-eslint/unbound-method': 'off',
      // what a rejected promise or a spy needs
      '@typescript-eslint/no-empty-function': 'off',
      // that a function returns nothing is asserted like any other result
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    // programs that must compile against two packages hold the types of both against each other
    files: ['tools/parity/programs/*.ts'],
    rules: {
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    // vitest and workerd take what they run from a default export
    files: ['**/*.config.ts', 'interop/runtimes/worker.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
)
