import ts from 'typescript'
import { type Example, fencesOf } from './example.ts'

/** The examples in the docstrings of a source file, each with the name of what it documents. */
export function examplesOfDocstrings(file: string, text: string): Example[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
  const examples: Example[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) examples.push(...examplesOf(file, node))
    else node.getChildren(source).forEach(visit)
  }
  visit(source)
  const written = [...text.matchAll(/^ *\* @example\b/gm)].length
  if (written !== examples.length) {
    throw new Error(`${file}: ${written} times @example, ${examples.length} times code behind it`)
  }
  return examples
}

function examplesOf(file: string, docstring: ts.JSDoc): Example[] {
  const text = docstring.getText().replace(/^ *(\/\*\*|\*\/|\*) ?/gm, '')
  const subject = nameOf(docstring.parent)
  return fencesOf(text).map(({ code }) => ({ file, subject, code }))
}

function nameOf(documented: ts.Node): string {
  const declaration = ts.isVariableStatement(documented) ? documented.declarationList.declarations[0] : documented
  // what is no declaration has no name, which getNameOfDeclaration says of it too
  const name = declaration && ts.getNameOfDeclaration(declaration as ts.Declaration)
  return name?.getText() ?? 'module'
}
