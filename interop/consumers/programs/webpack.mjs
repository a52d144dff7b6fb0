import webpack from 'webpack'

const target = process.argv[2]
const compiler = webpack({
  mode: 'production',
  target,
  entry: './both.mjs',
  experiments: { outputModule: true },
  output: {
    path: `${process.cwd()}/webpack-${target}`,
    filename: 'main.js',
    library: { type: 'module' },
    module: true,
  },
})
compiler.run((error, stats) => {
  if (error) throw error
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString())
})
