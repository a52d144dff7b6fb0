// A check is a statement here, `check(…)`, `assertServer(as)`, `await verifySignature(…)`, and Stryker has no mutator that
// leaves a statement out: it empties whole blocks only. This is one. Stryker takes no mutators from plugins, so that it goes
// into the list of its own before that is read; the list is no public face, and a test beside this file sees that it is used.
const { allMutators } = await import(
  new URL('mutators/mutate.js', import.meta.resolve('@stryker-mutator/instrumenter')).href
)

allMutators.push({
  name: 'StatementRemoval',
  *mutate(path) {
    if (path.isExpressionStatement()) yield { type: 'EmptyStatement' }
  },
})
