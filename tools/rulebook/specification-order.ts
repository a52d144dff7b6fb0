/** A paragraph of a specification, or of ours. */
export interface Cited {
  readonly document: string
  readonly section: string
}

/** The document that stands for what no specification asks for; its sections are headings of SECURITY.md. */
export const OWN_DOCUMENT = 'countersign'

const collator = new Intl.Collator('en', { numeric: true })

/** Section 3.1.3.7 (9) before 3.1.3.7 (10), and last what no specification asks for. */
export function bySpecification(left: Cited, right: Cited): number {
  return (
    Number(left.document === OWN_DOCUMENT) - Number(right.document === OWN_DOCUMENT) ||
    collator.compare(left.document, right.document) ||
    collator.compare(left.section, right.section)
  )
}
