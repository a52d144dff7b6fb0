// Reads vitest's JSON report and writes `N passed, N failed`; fails unless tests ran and all of them passed.
import { readFileSync } from 'node:fs'

/** The report is empty when the tests were not reached. */
function filesOf(path) {
  const text = readFileSync(path, 'utf8')
  return text === '' ? [] : JSON.parse(text).testResults
}

let passed = 0
let failed = 0
for (const { status, assertionResults } of filesOf(process.argv[2])) {
  const failures = assertionResults.filter((test) => test.status === 'failed').length
  passed += assertionResults.filter((test) => test.status === 'passed').length
  // a file that could not be loaded, or whose hooks failed, is a failure too
  failed += failures === 0 && status === 'failed' ? 1 : failures
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1
