import { sectionUrl } from '../../packages/countersign/src/explain/section-url.ts'
import * as documents from '../../packages/countersign/src/rules/specifications.ts'

/** The documents that docstrings cite by section, beside every RFC. */
const OPENID_DOCUMENTS = Object.values(documents).filter((document) => !/^RFC |^countersign$/.test(document))

/** No rule cites it, so that `countersign/explain` has no need of its address. */
const REGISTRATION = 'OpenID Connect Dynamic Client Registration 1.0'

const NUMBER = String.raw`\d+(?:\.\d+)*`
const DOCUMENT = ['RFC \\d+', REGISTRATION, ...OPENID_DOCUMENTS].join('|')
const CITATION = new RegExp(`(${DOCUMENT}), (sections?) (${NUMBER}(?:(?:, | and | to )${NUMBER})*)`, 'g')

/** A text in Markdown, with each section that it cites as a link to where it can be read. */
export function linkCitations(text: string): string {
  return text.replace(CITATION, (whole, document: string, word: string, numbers: string) => {
    if (word === 'section') return link(whole, document, numbers)
    const linked = numbers.replace(new RegExp(NUMBER, 'g'), (section) => link(section, document, section))
    return `${document}, ${word} ${linked}`
  })
}

function link(text: string, document: string, section: string): string {
  const url =
    document === REGISTRATION
      ? `https://openid.net/specs/openid-connect-registration-1_0.html#rfc.section.${section}`
      : sectionUrl({ document, section })
  return url === undefined ? text : `[${text}](${url})`
}
