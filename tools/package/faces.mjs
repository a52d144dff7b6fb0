// The last step of the build: makes of the compilations, ES modules in dist/ and CommonJS in dist/cjs/ and dist/node/, one
// package of which no process ever has two instances; docs/decisions/0006-one-instance.md says how.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const PACKAGE = fileURLToPath(new URL('../../packages/countersign/', import.meta.url))
const DIST = join(PACKAGE, 'dist')
const CJS = join(DIST, 'cjs')

const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))

writeFileSync(join(CJS, 'package.json'), `${JSON.stringify({ type: 'commonjs', sideEffects: false })}\n`)
for (const file of readdirSync(CJS, { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.d.ts')) nameJavaScript(join(CJS, file))
  else if (file.endsWith('.js')) nameInternals(file)
}
for (const { default: entry } of Object.values(manifest.exports)) {
  if (entry !== undefined) await writeFaces(entry.slice('./dist/'.length))
}

/** The package's own `imports` are of its package.json, and so not of dist/cjs/, which has one. */
function nameInternals(file) {
  const text = readFileSync(join(CJS, file), 'utf8')
  const named = text.replace(/(?<=require\(")#[^"]+(?="\))/g, (name) => {
    return upFrom(file) + manifest.imports[name].default.slice('./dist/'.length)
  })
  writeFileSync(join(CJS, file), named)
}

/** The compiler leaves `.ts` in the imports of a declaration, which only TypeScript 5 and later follows. */
function nameJavaScript(file) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/((?:from|import\() ?['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/g, '$1.js'))
}

/**
 * Two faces of an entry that are nothing but names of the CommonJS compilation: an ES module, for who imports in Node; and the
 * declarations, so that a class or symbol has one type however it was loaded.
 */
async function writeFaces(entry) {
  const names = Object.keys(await import(pathToFileURL(join(DIST, entry)).href))
  const face = entry.replace(/\.js$/, '')
  // to import CommonJS, Node would read all of it for the names that it exports
  const loading = `import { createRequire } from 'node:module'\nconst library = createRequire(import.meta.url)('./${face.split('/').at(-1)}.cjs')`
  const naming = `export const {\n${names.map((name) => `  ${name},\n`).join('')}} = library`
  writeFileSync(join(DIST, 'node', `${face}.mjs`), `${loading}\n${naming}\n`)
  const types = join(DIST, `${face}.d.ts`)
  mkdirSync(dirname(types), { recursive: true })
  writeFileSync(types, `export * from '${upFrom(entry)}cjs/${face}.js'\n`)
}

/** The way from a file to the folder that its path begins in. */
function upFrom(file) {
  return '../'.repeat(file.split('/').length - 1) || './'
}
