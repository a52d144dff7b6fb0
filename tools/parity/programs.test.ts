import { readdirSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { compile, complaints, locate, pathInTools } from './compiler.ts'
import { declaredExports } from './declared.ts'
import { missing } from './missing.ts'
import { OURS, THEIRS } from './packages.ts'

const roots = readdirSync(pathInTools('programs/')).map((name) => pathInTools(`programs/${name}`))

describe('the programs, with only the import mapped', () => {
  it('compile against countersign', () => {
    expect(complaints(compile({ roots }))).toEqual([])
  })

  it('compile against oauth4webapi', () => {
    const program = compile({ roots, swap: new Map([[OURS, THEIRS]]) })
    expect(complaints(program)).toEqual([])
    expect(program.getSourceFile(locate(THEIRS)), 'the import was mapped').toBeDefined()
  })

  it('mention every declared value and type that is not in missing.json', () => {
    const program = compile({ roots: [locate(THEIRS), ...roots] })
    const mentioned = new Set(roots.flatMap((root) => mentions(program.getSourceFile(root))))
    const promised = [...declaredExports(program, locate(THEIRS)).keys()].filter(
      (name) => !missing.values.includes(name) && !missing.types.includes(name),
    )
    expect(promised.filter((name) => !mentioned.has(name)).map((name) => `no program uses ${name}`)).toEqual([])
  })
})

/** The names that a program reaches through its `import * as oauth`. */
function mentions(file: ts.SourceFile | undefined): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && isNamespace(node.expression)) found.push(node.name.text)
    if (ts.isQualifiedName(node) && isNamespace(node.left)) found.push(node.right.text)
    ts.forEachChild(node, visit)
  }
  if (file !== undefined) visit(file)
  return found
}

function isNamespace(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === 'oauth'
}
