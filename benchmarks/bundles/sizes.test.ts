import { afterAll, describe, expect, it } from 'vitest'
import { stop } from 'esbuild-wasm'
import { PROGRAMS } from './programs.ts'
import { grown, measureSizes, readRecorded, type Size } from './sizes.ts'

const size: Size = { name: 'all', package: 'countersign', minified: 1000, gzip: 500, brotli: 400 }

describe('grown', () => {
  it('finds what has grown by more than 3 %, in any of its forms', () => {
    expect(grown([{ ...size, minified: 1030, gzip: 515, brotli: 412 }], [size])).toEqual([])
    expect(grown([{ ...size, gzip: 516 }], [size])).toEqual(['all, gzip: 516 bytes, recorded are 500'])
    expect(grown([{ ...size, minified: 1031, brotli: 413 }], [size])).toHaveLength(2)
  })

  it('lets it shrink, and others grow', () => {
    expect(grown([{ ...size, minified: 1 }], [size])).toEqual([])
    expect(grown([{ ...size, package: 'openid-client', gzip: 9999 }], [size])).toEqual([])
  })

  it('finds what nobody recorded', () => {
    expect(grown([{ ...size, name: 'more' }], [size])).toEqual(['more: no size is recorded'])
  })
})

describe('the published files', () => {
  afterAll(() => stop())

  it('have not grown by more than 3 %; `npm run bench:size -- --record` where they may', async () => {
    const own = PROGRAMS.filter((program) => program.package === 'countersign')
    expect(grown(await measureSizes(own), readRecorded())).toEqual([])
  })
})
