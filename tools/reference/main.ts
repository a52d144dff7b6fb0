import { Application, type Context, Converter, OptionDefaults, type ProjectReflection } from 'typedoc'
import { ROOT } from '../rulebook/package-program.ts'
import { assignChapters, orderChapters } from './chapters.ts'
import { documentInnerParameters, linkCodes, linkSections, listErrors } from './comments.ts'
import { nameDocuments } from './documents.ts'
import { exportsOf } from './exports.ts'
import { type Reference, REFERENCES } from './references.ts'

/** The addresses of names of another package, by the name of the package. */
type Links = Record<string, Record<string, string>>

/**
 * Makes the API reference of each package, in `docs/api/`, out of its docstrings.
 *
 * @returns The exit code: a name without documentation, a link to nowhere or an export without a chapter is a failure.
 */
export async function main({ onlyCheck }: { onlyCheck: boolean }): Promise<number> {
  let links: Links = {}
  for (const reference of REFERENCES) {
    const project = await make(reference, links, onlyCheck)
    if (project === undefined) return 1
    links = linksInto(project)
  }
  return 0
}

/** Where the module's page tells of each export, from another reference in a folder beside it. */
function linksInto(project: ProjectReflection): Links {
  const anchors = exportsOf(project).map(({ name, parent }) => [
    name,
    `../../modules/${parent?.name ?? ''}.html#${name.toLowerCase()}`,
  ])
  return { countersign: Object.fromEntries(anchors) as Record<string, string> }
}

async function make(reference: Reference, links: Links, onlyCheck: boolean): Promise<ProjectReflection | undefined> {
  const { sources } = reference
  const app = await Application.bootstrap({
    name: reference.title,
    entryPoints: reference.entryPoints.map((path) => `${sources}${path}`),
    tsconfig: reference.tsconfig,
    basePath: reference.folder,
    displayBasePath: reference.folder,
    readme: `${reference.folder}README.md`,
    projectDocuments: reference.pages.map((page) => `${ROOT}docs/${page}.md`),
    out: reference.out,
    externalSymbolLinkMappings: links,

    excludeInternal: true,
    excludePrivate: true,
    // what every Error of the host has
    excludeExternals: true,
    disableSources: true,
    // knip's
    modifierTags: [...OptionDefaults.modifierTags, '@alias'],
    preservedTypeAnnotationTags: ['@throws'],
    requiredToBeDocumented: [
      'Module',
      'Variable',
      'Function',
      'Class',
      'Interface',
      'Property',
      'Method',
      'TypeAlias',
      'CallSignature',
      'ConstructorSignature',
      'Parameter',
    ],
    validation: { invalidLink: true, invalidPath: true, notDocumented: true, notExported: true },
    intentionallyNotExported: [...reference.hidden],
    intentionallyNotDocumented: [...reference.undocumented],
    treatValidationWarningsAsErrors: true,

    categorizeByGroup: false,
    categoryOrder: reference.chapters.map(([title]) => title),
    sort: ['source-order'],
    sortEntryPoints: false,
    navigation: { includeCategories: true, includeGroups: false, includeFolders: false },
    customCss: `${ROOT}tools/reference/style.css`,
    hideGenerator: true,
    searchInComments: true,
    highlightLanguages: ['typescript', 'javascript', 'json', 'diff'],
    visibilityFilters: {},
  })
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context: Context) => {
    const { project } = context
    assignChapters(context, sources, reference.chapters)
    nameDocuments(project)
    documentInnerParameters(project)
    listErrors(project)
    linkCodes(project)
    linkSections(project)
  })
  // after all of TypeDoc's own have made the chapters
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    (context: Context) => orderChapters(context, sources, reference.chapters),
    -10_000,
  )

  const project = await app.convert()
  if (project === undefined) return undefined
  app.validate(project)
  const hasFailed = (): boolean => app.logger.hasErrors() || app.logger.hasWarnings()
  if (!hasFailed() && !onlyCheck) await app.generateOutputs(project)
  return hasFailed() ? undefined : project
}
