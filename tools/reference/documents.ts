import type { ProjectReflection } from 'typedoc'

/** Names each page that is no reference by its first heading, where TypeDoc takes the name of the file. */
export function nameDocuments(project: ProjectReflection): void {
  for (const document of project.documents ?? []) {
    const [beginning] = document.content
    document.name = /^# (.+)$/m.exec(beginning?.text ?? '')?.[1] ?? document.name
  }
}
