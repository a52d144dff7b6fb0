import { describe, expect, it } from 'vitest'
import { settingsOf } from './settings.ts'

describe('settingsOf', () => {
  it('wants everything without --filter', () => {
    expect(settingsOf([])?.isWanted('cold import')).toBe(true)
  })

  it('wants with --filter what has the text in its name, in whatever case, of one filter or another', () => {
    const settings = settingsOf(['--filter', 'bearer rs256', '--filter', 'PKCE'])
    const names = ['access token, bearer RS256, 64 at once', 'access token, bearer ES256', 'PKCE challenge']
    expect(names.map((name) => settings?.isWanted(name))).toEqual([true, false, true])
  })

  it('measures for a shorter time, and fewer contenders, with --quick', () => {
    const [quick, full] = [settingsOf(['--quick']), settingsOf([])]
    expect(quick?.pace.budget).toBeLessThan(Number(full?.pace.budget))
    expect([quick?.peers, full?.peers]).toEqual([false, true])
  })

  it('is nothing but help with --help', () => {
    expect(settingsOf(['--help', '--quick'])).toBeUndefined()
  })

  it('refuses what it does not know', () => {
    expect(() => settingsOf(['--quik'])).toThrow(TypeError)
  })
})
