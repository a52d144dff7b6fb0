import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { isFullRun } from './full-run.ts'

/*
 * The proof that every rule refuses something, and alone: refuses() of packages/countersign/src/testing writes the ids of
 * the rules that it saw refuse into a file, and at the end of a run of all tests they are compared with the rules that
 * are declared. A run of some tests proves nothing, and says nothing.
 */

const PROOF = Symbol.for('countersign: the proof of the rules')

function isProof(reporter: unknown): boolean {
  return typeof reporter === 'object' && reporter !== null && PROOF in reporter
}

/** Adds the proof to every run, whatever reporters are named on the command line, which would replace a configured one. */
export function ruleProof(declaredRules: () => Promise<readonly string[]> = readDeclaredRules): Plugin {
  return {
    name: 'rule-proof',
    configureVitest({ vitest }) {
      // each project of the configuration comes here, by a copy of this file of its own; the run is one
      const { reporters } = vitest.config
      if (!reporters.some(isProof)) reporters.push(Object.assign(proofReporter(declaredRules), { [PROOF]: true }))
    },
  }
}

async function readDeclaredRules(): Promise<readonly string[]> {
  // the compiler takes a moment to load, which a run of some tests need not wait for
  const { readRulebook } = await import('./rulebook.ts')
  return readRulebook().rules.map(({ id }) => id)
}

function proofReporter(declaredRules: () => Promise<readonly string[]>): Reporter {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-rules-'))
  const log = join(folder, 'seen')
  let run: Vitest | undefined
  return {
    onInit(vitest) {
      run = vitest
      // where the workers, which inherit it, write to
      process.env.COUNTERSIGN_RULE_LOG = log
      vitest.onClose(() => rmSync(folder, { recursive: true, force: true }))
    },
    onTestRunStart() {
      writeFileSync(log, '')
    },
    async onTestRunEnd(modules: readonly TestModule[], _errors, reason) {
      if (run === undefined || reason === 'interrupted' || !(await isFullRun(run, modules))) return
      const seen = new Set(readFileSync(log, 'utf8').split('\n'))
      const declared = await declaredRules()
      const unproven = declared.filter((id) => !seen.has(id))
      run.logger.log(`rulebook: ${declared.length} rules, ${declared.length - unproven.length} seen to refuse alone`)
      if (unproven.length === 0) return
      run.logger.error(`rulebook: no test shows what these refuse:\n${unproven.map((id) => `  ${id}`).join('\n')}`)
      process.exitCode = 1
    },
  }
}
