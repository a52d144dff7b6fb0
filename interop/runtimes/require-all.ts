import process from 'node:process'

/** Set where every runtime, browser and server must be there, so that none is left out in silence. */
const REQUIRE_ALL = process.env.COUNTERSIGN_REQUIRE_ALL === '1'

/** Whether the tests with it are left out, which is said aloud. */
export function isLeftOut(name: string, isInstalled: boolean, setup: string): boolean {
  if (isInstalled || REQUIRE_ALL) {
    return false
  }
  console.log(`skipped: the tests with ${name}, which is not here; to install it: ${setup}`)
  return true
}
