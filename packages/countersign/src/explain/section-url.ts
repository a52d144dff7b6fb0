import type { SpecReference } from '../errors/evidence.ts'
import { CIBA_CORE, OIDC_CORE, OIDC_DISCOVERY } from '../rules/specifications.ts'

/** Where a document of the OpenID Foundation is published; its sections are anchors of one page. */
function openIdPage(document: string): string | undefined {
  switch (document) {
    case CIBA_CORE:
      return 'openid-client-initiated-backchannel-authentication-core-1_0'
    case OIDC_CORE:
      return 'openid-connect-core-1_0'
    case OIDC_DISCOVERY:
      return 'openid-connect-discovery-1_0'
    default:
      return undefined
  }
}

/** The URL of a paragraph; `undefined` for one that is not published by section, such as a heading of ours. */
export function sectionUrl({ document, section }: SpecReference): string | undefined {
  // the item in parentheses has no anchor of its own
  const [number = ''] = section.split(' ', 1)
  const rfc = /^RFC (\d+)$/.exec(document)?.[1]
  if (rfc !== undefined) return `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${number}`
  const page = openIdPage(document)
  return page === undefined ? undefined : `https://openid.net/specs/${page}.html#rfc.section.${number}`
}
