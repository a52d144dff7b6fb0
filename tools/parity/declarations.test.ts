import { describe, expect, it } from 'vitest'
import { declarationExceptions, exceptedFindings } from './declaration-exceptions.ts'
import { compareDeclarations } from './declarations.ts'
import { ADDED_WORDS, added, disagreements, missing, MISSING_WORDS } from './missing.ts'

const compared = compareDeclarations()
const theirs = [...compared.theirs.values()]
const onlyTypes = theirs.filter((declared) => !declared.isValue).map((declared) => declared.name)
const present = [...compared.theirs.keys()].filter((name) => compared.ours.has(name))

describe('the declarations', () => {
  it('lack exactly the types of missing.json', () => {
    const absent = onlyTypes.filter((name) => !compared.ours.has(name))
    expect(disagreements(absent, missing.types, MISSING_WORDS)).toEqual([])
  })

  it('go beyond oauth4webapi by exactly the types of added.json', () => {
    const extra = [...compared.ours.values()].filter(({ name, isValue }) => !isValue && !compared.theirs.has(name))
    const names = extra.map(({ name }) => name)
    expect(disagreements(names, added.types, ADDED_WORDS)).toEqual([])
  })

  it('write every symbol as `export const name: unique symbol = …`, so that it can be compared', () => {
    expect(compared.unsharedSymbols).toEqual([])
  })

  it.each(present)('%s is a value, a type or both, as there', (name) => {
    const { isValue, isType, typeArguments } = compared.theirs.get(name) ?? {}
    expect(compared.ours.get(name)).toMatchObject({ isValue, isType, typeArguments })
  })

  it.each(present)('%s is assignable in both directions, or listed with a reason', (name) => {
    const findings = compared.findings(name)
    const listed = exceptedFindings(name)
    const unlisted = findings.filter(({ id }) => !listed.includes(id))
    expect(unlisted.map(({ id, explanation }) => `${id}: ${explanation}`)).toEqual([])
    const stale = listed.filter((id) => !findings.some((finding) => finding.id === id))
    expect(stale, 'remove these from tools/parity/declaration-exceptions.ts').toEqual([])
  })
})

describe('the listed exceptions', () => {
  const excepted = [...new Set(declarationExceptions.flatMap(({ names }) => names))]

  it('name what exists in both packages', () => {
    expect(excepted.filter((name) => !present.includes(name))).toEqual([])
  })

  it.each(excepted)('%s: a call that compiled there compiles here', (name) => {
    // A function that is assignable to theirs takes whatever theirs takes and returns nothing that theirs does not.
    expect(exceptedFindings(name)).not.toContain('value ours-to-theirs')
  })

  it.each(excepted)('%s: is wider or narrower, never both, and lacks nothing', (name) => {
    const findings = exceptedFindings(name)
    const directions = findings.filter((id) => id.startsWith('type ') && id.includes('-to-'))
    expect(directions.length).toBeLessThan(2)
    expect(findings.filter((id) => id.startsWith('missing '))).toEqual([])
  })
})
