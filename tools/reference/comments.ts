import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type DeclarationReflection,
  makeRecursiveVisitor,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
} from 'typedoc'
import { linkCitations } from './citations.ts'
import { exportsOf } from './exports.ts'

/** Gives the parameters of functions inside a type, such as one of a union, what the docstring of the type says of them. */
export function documentInnerParameters(project: ProjectReflection): void {
  for (const documented of project.getReflectionsByKind(ReflectionKind.Property | ReflectionKind.TypeAlias)) {
    const { comment } = documented
    if (comment === undefined || !documented.isDeclaration()) continue
    const described = comment.blockTags.filter(({ tag }) => tag === '@param')
    const visitor = makeRecursiveVisitor({
      reflection({ declaration }) {
        for (const parameter of declaration.signatures?.flatMap(({ parameters = [] }) => parameters) ?? []) {
          const tag = described.find(({ name }) => name === parameter.name)
          if (tag !== undefined) parameter.comment ??= new Comment(tag.content)
        }
      },
    })
    documented.type?.visit(visitor)
  }
}

/** Makes one list of all that a function throws, each entry with its class: TypeDoc has a heading for each, without class. */
export function listErrors(project: ProjectReflection): void {
  const classes = new Map(exportsOf(project).map((exported) => [exported.name, exported]))
  for (const { comment } of Object.values(project.reflections)) {
    const thrown = comment?.getTags('@throws') ?? []
    const [first] = thrown
    if (comment === undefined || first === undefined) continue
    const entries = thrown.flatMap(({ typeAnnotation = '', content }): CommentDisplayPart[] => {
      const name = typeAnnotation.replace(/[{}]/g, '')
      const errorClass = classes.get(name)
      const shown: CommentDisplayPart = errorClass ? linkTo(errorClass, name) : { kind: 'code', text: `\`${name}\`` }
      return [text('\n- '), shown, text(': '), ...content.map(inOneLine)]
    })
    const place = comment.blockTags.indexOf(first)
    comment.removeTags('@throws')
    comment.blockTags.splice(place, 0, new CommentTag('@throws', entries))
  }
}

/** Makes the code of an error, as docstrings have it, a link to the constant that holds it. */
export function linkCodes(project: ProjectReflection): void {
  const constants = new Map<string, DeclarationReflection>()
  for (const exported of exportsOf(project)) {
    if (exported.type?.type === 'literal' && typeof exported.type.value === 'string') {
      constants.set(`\`${exported.type.value}\``, exported)
    }
  }
  changeEachPart(project, (part) => {
    const constant = part.kind === 'code' ? constants.get(part.text) : undefined
    return constant === undefined ? part : linkTo(constant, part.text.slice(1, -1))
  })
}

/** Makes every section that a docstring cites a link to where it can be read. */
export function linkSections(project: ProjectReflection): void {
  changeEachPart(project, (part) => (part.kind === 'text' ? text(linkCitations(part.text)) : part))
}

function changeEachPart(project: ProjectReflection, change: (part: CommentDisplayPart) => CommentDisplayPart): void {
  for (const { comment } of Object.values(project.reflections)) {
    if (comment === undefined) continue
    comment.summary = comment.summary.map(change)
    for (const tag of comment.blockTags) tag.content = tag.content.map(change)
  }
}

function linkTo(target: Reflection, name: string): CommentDisplayPart {
  return { kind: 'inline-tag', tag: '@linkcode', text: name, target }
}

function text(markdown: string): CommentDisplayPart {
  return { kind: 'text', text: markdown }
}

/** An entry of a list ends where a line ends. */
function inOneLine(part: CommentDisplayPart): CommentDisplayPart {
  return part.kind === 'text' ? text(part.text.replace(/\s*\n\s*/g, ' ')) : part
}
