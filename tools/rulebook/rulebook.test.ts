import { beforeAll, describe, expect, it } from 'vitest'
import { readLeftToTheCaller } from './left-to-the-caller.ts'
import { packageProgram } from './package-program.ts'
import { readRulebook, type Rulebook } from './rulebook.ts'
import { rulesPage } from './rules-page.ts'
import { sentencesModule } from './sentences-module.ts'
import { bySpecification } from './specification-order.ts'

/** A file with one sound rule, and one of each kind of fault. */
const PLANTED = `
import { INVALID_SERVER_METADATA } from './errors/codes.ts'
import { check } from './rules/check.ts'
import type { Context } from './rules/context.ts'
import { rule, type Rule } from './rules/rule.ts'
import { COUNTERSIGN, OIDC_CORE } from './rules/specifications.ts'

/**
 * Sound: it stands
 * on two lines.
 *
 * Remedy: none is
 * needed.
 */
export const SOUND: Rule = rule('planted.sound-aspect', OIDC_CORE, '3.1.3.7 (12)', INVALID_SERVER_METADATA)
/** A sentence. Remedy: on the same line. */
export const NO_REMEDY: Rule = rule('planted.no_remedy', OIDC_CORE, '2')
export const NO_DOCSTRING: Rule = rule('planted.no_docstring', OIDC_CORE, '2')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const ID_TOKEN_ISSUER: Rule = rule('id-token.iss', OIDC_CORE, '2')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const NO_MEMBER: Rule = rule('planted', OIDC_CORE, '2')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const NO_SECTION: Rule = rule('planted.no_section', OIDC_CORE, '')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const NO_HEADING: Rule = rule('planted.no_heading', COUNTERSIGN, 'Nowhere')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const UNUSED: Rule = rule('planted.unused', OIDC_CORE, '2')
const hidden = rule('planted.hidden', OIDC_CORE, '2')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const PASSED_ON: Rule = rule('planted.passed_on', OIDC_CORE, '2')

/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const IN_LITERAL: Rule = rule('planted.in_literal', OIDC_CORE, '2')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const IN_CONSTANT: Rule = rule('planted.in_constant', OIDC_CORE, '2')
/**
 * A sentence.
 *
 * Remedy: a remedy.
 */
export const IN_UNUSED_MEMBER: Rule = rule('planted.in_unused_member', OIDC_CORE, '2')

function inner(passed: Rule, context: Context): void {
  check(context, passed, false)
}
function outer(context: Context, handedOver: Rule): void {
  inner(handedOver, context)
}
function ofMember(rules: { used: Rule; unused: Rule }, context: Context): void {
  check(context, rules.used, true)
}
function ofMemberOutside(context: Context, handed: { used: Rule; unused: Rule }): void {
  ofMember(handed, context)
}
export function apply(context: Context): void {
  const constant = { used: IN_CONSTANT, unused: IN_UNUSED_MEMBER }
  ofMemberOutside(context, constant)
  ofMember({ unused: SOUND, used: IN_LITERAL }, context)
  outer(context, PASSED_ON)
  check(context, SOUND, true)
  check(context, NO_REMEDY, true)
  check(context, NO_DOCSTRING, true)
  check(context, ID_TOKEN_ISSUER, true)
  check(context, NO_MEMBER, true)
  check(context, NO_SECTION, true)
  check(context, NO_HEADING, true)
  check(context, hidden, true)
}
`

describe('the rulebook', () => {
  let real: Rulebook
  let planted: Rulebook

  beforeAll(() => {
    real = readRulebook()
    planted = readRulebook(packageProgram({ 'planted.ts': PLANTED }))
  })

  it('finds no fault in the library', () => {
    expect(real.faults).toEqual([])
    expect(real.rules.map(({ id }) => id)).toContain('id-token.iss')
  })

  it('reads a declaration and its docstring', () => {
    expect(planted.rules.find(({ name }) => name === 'SOUND')).toEqual({
      name: 'SOUND',
      id: 'planted.sound-aspect',
      document: 'OpenID Connect Core 1.0',
      section: '3.1.3.7 (12)',
      code: 'OAUTH_INVALID_SERVER_METADATA',
      sentence: 'Sound: it stands on two lines.',
      remedy: 'None is needed.',
      path: 'packages/countersign/src/planted.ts',
      line: 15,
    })
  })

  it('names the faults of a declaration, its docstring and its use', () => {
    expect(planted.faults.map(({ fault }) => fault).sort()).toEqual([
      'ID_TOKEN_ISSUER has the id "id-token.iss", which another rule has',
      'ID_TOKEN_ISSUER has the id "id-token.iss", which another rule has',
      'ID_TOKEN_ISSUER has the name of another rule',
      'ID_TOKEN_ISSUER has the name of another rule',
      'IN_UNUSED_MEMBER is never applied: no check() gets it',
      'NO_DOCSTRING has a docstring without a sentence behind "Remedy:"',
      'NO_DOCSTRING has a docstring without a sentence that says what holds',
      'NO_HEADING cites "Nowhere", which is no section',
      'NO_MEMBER has the id "planted", which is not of the form thing.member-aspect',
      'NO_REMEDY has a docstring without a sentence behind "Remedy:"',
      'NO_SECTION cites "", which is no section',
      'UNUSED is never applied: no check() gets it',
      'a rule is an exported constant, and its arguments are constant texts',
    ])
  })

  it('lists every rule with its section, in the order of the sections', () => {
    const page = rulesPage(planted.rules, readLeftToTheCaller())
    for (const { id, sentence } of planted.rules) {
      expect(page).toContain(`[\`${id}\`]`)
      expect(page).toContain(sentence)
    }
    expect(page.indexOf('3.1.3.7 (7)')).toBeGreaterThan(-1)
    expect(page.indexOf('3.1.3.7 (12)')).toBeGreaterThan(page.indexOf('3.1.3.7 (7)'))
  })

  it('makes a module of the sentences', async () => {
    expect(await sentencesModule(planted.rules)).toContain(`  'planted.sound-aspect': {
    document: 'OpenID Connect Core 1.0',
    section: '3.1.3.7 (12)',
    sentence: 'Sound: it stands on two lines.',
    remedy: 'None is needed.',
  },
`)
  })
})

describe('the order of specifications', () => {
  it('counts sections as numbers, and puts what no specification asks for last', () => {
    const cited = [
      'RFC 9449|4.3',
      'countersign|Bounds',
      'RFC 6749|10.1',
      'RFC 6749|5.2 (2)',
      'RFC 6749|5.2',
      'RFC 10|1',
    ]
      .map((text) => text.split('|'))
      .map(([document = '', section = '']) => ({ document, section }))
    expect(cited.sort(bySpecification).map(({ document, section }) => `${document} ${section}`)).toEqual([
      'RFC 10 1',
      'RFC 6749 5.2',
      'RFC 6749 5.2 (2)',
      'RFC 6749 10.1',
      'RFC 9449 4.3',
      'countersign Bounds',
    ])
  })
})
