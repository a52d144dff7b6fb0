import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { accepted } from './accepted.ts'

/** The headings and texts of docs/differences.md: `## id`, then the paragraph of the standard, then the reason. */
const written = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ id: section.split('\n', 1)[0] ?? '', text: section.replaceAll(/\s+/g, ' ') }))

describe('the intended differences', () => {
  it('are the same list in accepted.ts and in docs/differences.md', () => {
    expect(written.map(({ id }) => id)).toEqual(accepted.map(({ id }) => id))
  })

  it.each(accepted)('$id is written down with its reason and its paragraph', ({ id, reason, spec }) => {
    const section = written.find((one) => one.id === id)?.text
    expect(section).toContain(reason)
    expect(section).toContain(spec)
  })
})
