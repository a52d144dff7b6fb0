import type { SpecReference } from '../errors/evidence.ts'
import * as documents from '../rules/specifications.ts'

/** Where a section of a document of the OpenID Foundation is published, but for its number: an anchor of one page. */
function openIdAnchor(document: string): string | undefined {
  switch (document) {
    case documents.CIBA_CORE:
      return 'openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.'
    case documents.FAPI_1_ADVANCED:
      return 'openid-financial-api-part-2-1_0-final.html#rfc.section.'
    case documents.FAPI_CIBA:
      return 'openid-financial-api-ciba.html#rfc.section.'
    case documents.JARM:
      return 'oauth-v2-jarm-final.html#section-'
    case documents.OAUTH_MULTIPLE_RESPONSE_TYPES:
      return 'oauth-v2-multiple-response-types-1_0.html#rfc.section.'
    case documents.OIDC_CORE:
      return 'openid-connect-core-1_0.html#rfc.section.'
    case documents.OIDC_DISCOVERY:
      return 'openid-connect-discovery-1_0.html#rfc.section.'
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
  const anchor = openIdAnchor(document)
  return anchor === undefined ? undefined : `https://openid.net/specs/${anchor}${number}`
}
