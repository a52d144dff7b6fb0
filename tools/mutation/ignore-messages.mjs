// Stryker loads this file: it keeps the texts out that only a person reads, and nothing else. These are the id and the
// paragraph of a rule, what a check expected and got, in words, and the messages of errors. Whether such a text tells a
// secret is looked at by the tests that are called secrets.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** Functions, and which of their arguments are texts of that kind. */
const DESCRIPTIONS = {
  rule: (index) => index < 3,
  check: (index) => index > 2,
  invalidArgument: (index) => index === 0,
  assertFunction: (index) => index === 1,
  assertNumber: (index) => index === 1,
  assertObject: (index) => index === 1,
  assertString: (index) => index === 1,
  assertSeconds: (index) => index === 1,
  assertTagged: (index) => index === 2,
  assertKey: (index) => index === 2,
  privateKeyOf: (index) => index === 1,
  requestMetadata: (index) => index === 1,
  processMetadata: (index) => index === 1,
  named: (index) => index === 1,
  unfit: (index) => index === 0,
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'messages', {
    shouldIgnore: (path) =>
      (path.isStringLiteral() || path.isTemplateLiteral()) && isDescription(path) ? 'a message' : undefined,
  }),
]

/** Whether the value of an expression goes into a description, and nowhere else. */
function isDescription(path) {
  const { parentPath } = path
  if (parentPath.isCallExpression() || parentPath.isNewExpression()) return isDescribingArgument(path, parentPath)
  if (parentPath.isConditionalExpression()) return path.key !== 'test' && isDescription(parentPath)
  if (parentPath.isLogicalExpression({ operator: '??' })) return isDescription(parentPath)
  if (parentPath.isArrayExpression()) return isDescription(parentPath)
  if (parentPath.isObjectProperty()) return path.key === 'value' && isDescription(parentPath.parentPath)
  if (parentPath.isVariableDeclarator()) return isOnlyDescribing(parentPath)
  return false
}

function isDescribingArgument(path, call) {
  const { callee } = call.node
  if (path.listKey !== 'arguments' || callee.type !== 'Identifier') return false
  if (call.isNewExpression()) return callee.name.endsWith('Error') && path.key === 0
  return Object.hasOwn(DESCRIPTIONS, callee.name) && DESCRIPTIONS[callee.name](path.key)
}

/** Whether a variable is read, and in descriptions only, such as a text that two of them share. */
function isOnlyDescribing(declarator) {
  const { id } = declarator.node
  if (id.type !== 'Identifier') return false
  const { constant, referencePaths } = declarator.scope.getBinding(id.name)
  return constant && referencePaths.length > 0 && referencePaths.every((read) => isInDescription(read))
}

/** Whether a variable is read for a description, or for a part of the text of one. */
function isInDescription(path) {
  return isDescription(path) || (path.parentPath.isTemplateLiteral() && isDescription(path.parentPath))
}
