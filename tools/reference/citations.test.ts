import { describe, expect, it } from 'vitest'
import { linkCitations } from './citations.ts'

const CORE = 'https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.'

describe('a section that a docstring cites', () => {
  it.each([
    ['RFC 6749, section 5.2', '[RFC 6749, section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)'],
    [
      'OpenID Connect Core 1.0, sections 3.1.2.1 and 15.5.2',
      `OpenID Connect Core 1.0, sections [3.1.2.1](${CORE}3.1.2.1) and [15.5.2](${CORE}15.5.2)`,
    ],
    ['(RFC 9449, section 5).', '([RFC 9449, section 5](https://www.rfc-editor.org/rfc/rfc9449#section-5)).'],
    [
      'OpenID Connect Dynamic Client Registration 1.0, section 2',
      '[OpenID Connect Dynamic Client Registration 1.0, section 2](https://openid.net/specs/openid-connect-registration-1_0.html#rfc.section.2)',
    ],
  ])('becomes a link: %s', (text, linked) => {
    expect(linkCitations(text)).toBe(linked)
  })

  it.each(['Fetch Standard', 'RFC 9864', 'section 5.2', 'Another Document, section 3'])('stays text: %s', (text) => {
    expect(linkCitations(text)).toBe(text)
  })
})
