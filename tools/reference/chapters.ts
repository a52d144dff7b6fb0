import { Comment, CommentTag, type Context, type DeclarationReflection, type Reflection, ReflectionKind } from 'typedoc'
import { exportsOf, modulesOf } from './exports.ts'
import { type Chapter, placeOf } from './categories.ts'

const KINDS = [
  ReflectionKind.Function,
  ReflectionKind.Variable,
  ReflectionKind.Class,
  ReflectionKind.Interface,
  ReflectionKind.TypeAlias,
]

/** Puts every export into the chapter of the file that declares it; TypeDoc takes that from a tag. */
export function assignChapters(context: Context, sources: string, chapters: readonly Chapter[]): void {
  for (const exported of exportsOf(context.project)) {
    const source = sourceOf(context, exported, sources)
    const place = placeOf(chapters, source)
    if (place === undefined) context.logger.error(`${exported.name}: no chapter of categories.ts holds ${source}`)
    else commentOf(exported).blockTags.push(new CommentTag('@category', [{ kind: 'text', text: place.title }]))
  }
}

/** Orders each chapter: functions first, and then by its list of files, where TypeDoc goes by their names. */
export function orderChapters(context: Context, sources: string, chapters: readonly Chapter[]): void {
  const rank = (exported: Reflection): number => {
    const kind = KINDS.findIndex((candidate) => exported.kindOf(candidate))
    return kind * 100 + (placeOf(chapters, sourceOf(context, exported, sources))?.rank ?? 0)
  }
  for (const { categories = [] } of modulesOf(context.project)) {
    for (const { children } of categories) children.sort((left, right) => rank(left) - rank(right))
  }
}

function sourceOf(context: Context, exported: Reflection, sources: string): string {
  const declaration = context.getSymbolFromReflection(exported)?.declarations?.[0]
  return declaration?.getSourceFile().fileName.replace(sources, '') ?? ''
}

/** The comment of a function is the one of its signature. */
function commentOf(exported: DeclarationReflection): Comment {
  const documented: Reflection = exported.signatures?.[0] ?? exported
  return (documented.comment ??= new Comment())
}
