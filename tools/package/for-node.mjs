// Makes what Node loads, dist/node/: each entry of the package as one minified file, because a cold start takes as long as
// there are characters to read and files to find. The sources are in the package, and the source maps point into them.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const PACKAGE = fileURLToPath(new URL('../../packages/countersign/', import.meta.url))

for (const entry of ['index', 'explain/index']) {
  const bundle = await rolldown({
    input: join(PACKAGE, `src/${entry}.ts`),
    platform: 'node',
    resolve: { conditionNames: ['@countersign/source', 'node'] },
    onwarn(warning) {
      throw new Error(warning.message)
    },
  })
  await bundle.write({
    file: join(PACKAGE, `dist/node/${entry}.cjs`),
    format: 'cjs',
    exports: 'named',
    // what is printed of an error has the names of its class and of the functions that it came through
    minify: { compress: true, mangle: { keepNames: { function: true, class: true } }, codegen: true },
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
}
