import { type DeclarationReflection, type ProjectReflection, ReflectionKind } from 'typedoc'

/** The entry points of the library. */
export function modulesOf(project: ProjectReflection): DeclarationReflection[] {
  return project.children?.filter((child) => child.kindOf(ReflectionKind.Module)) ?? []
}

/** What the library exports, of all its entry points. */
export function exportsOf(project: ProjectReflection): DeclarationReflection[] {
  return modulesOf(project).flatMap(({ children }) => children ?? [])
}
