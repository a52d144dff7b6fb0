import { readFileSync, writeFileSync } from 'node:fs'
import { readLeftToTheCaller } from './left-to-the-caller.ts'
import { ROOT } from './package-program.ts'
import { readRulebook } from './rulebook.ts'
import { rulesPage } from './rules-page.ts'
import { SENTENCES_PATH, sentencesModule } from './sentences-module.ts'

/**
 * Reads the rulebook, complains about what is wrong with it, and writes what is generated from it.
 *
 * @returns The exit code.
 */
export async function main({ onlyCheck }: { onlyCheck: boolean }): Promise<number> {
  const { rules, faults } = readRulebook()
  for (const { path, line, fault } of faults) console.error(`${path}:${line} ${fault}`)

  const generated = new Map([
    ['docs/rules.md', rulesPage(rules, readLeftToTheCaller())],
    [SENTENCES_PATH, await sentencesModule(rules)],
  ])
  const stale = [...generated].filter(([path, text]) => textAt(path) !== text)
  for (const [path, text] of stale) {
    if (onlyCheck) console.error(`${path} is not what the rules say now: npm run rulebook`)
    else writeFileSync(`${ROOT}${path}`, text)
  }

  const failed = faults.length > 0 || (onlyCheck && stale.length > 0)
  console.log(`rulebook: ${rules.length} rules, ${faults.length} faults`)
  return failed ? 1 : 0
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(`${ROOT}${path}`, 'utf8')
  } catch {
    return undefined
  }
}
