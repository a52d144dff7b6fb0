import commonjs from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'

const [input, target] = process.argv.slice(2)
const conditions = { browser: { browser: true }, node: { exportConditions: ['node'] } }
const bundle = await rollup({
  input,
  plugins: [nodeResolve(conditions[target]), ...(target ? [commonjs()] : [])],
  onLog(level, log) {
    throw new Error(`${level}: ${log.message}`)
  },
})
await bundle.write({ file: `rollup-${target ?? 'modules'}.mjs`, format: 'es' })
