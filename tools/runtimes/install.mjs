// Installs the runtimes of package.json beside this file into `.runtimes/` at the root of the repository, where the
// tests look for them. Apart from the workspace's own node_modules on purpose: they weigh 350 MB, which `npm install`
// should not cost, and a `node` package there would shadow the system's node in every npm script.
//
//   npm run setup:runtimes             Bun, Deno and workerd
//   npm run setup:runtimes -- --node   Node 22, 24 and 26 too (580 MB more)

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const manifests = fileURLToPath(new URL('.', import.meta.url))
const target = fileURLToPath(new URL('../../.runtimes/', import.meta.url))

/** @param {string} from @param {string} to */
function install(from, to) {
  mkdirSync(to, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(from, name), join(to, name))
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', to], {
    cwd: to,
    stdio: 'inherit',
  })
  if (status !== 0) {
    console.error(`setup:runtimes: npm ci failed in ${to}`)
    process.exit(1)
  }
}

const { values } = parseArgs({ options: { node: { type: 'boolean', default: false } } })
if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(
    `setup:runtimes: the pinned packages are for linux x64, this machine is ${process.platform} ${process.arch}`,
  )
  process.exit(1)
}
install(manifests, target)
if (values.node) install(join(manifests, 'node'), join(target, 'node'))
