import { describe, expect, it } from 'vitest'
import { DemoFailure } from './failures.ts'
import { readOptions } from './options.ts'

describe('options of the demo', () => {
  it('has defaults for everything', () => {
    expect(readOptions([])).toEqual({
      mode: 'poll',
      help: false,
      deny: false,
      trace: false,
      bindingMessage: 'Pay 42.00 EUR to Anna? W7-K2',
      loginHint: 'anna',
      issuer: undefined,
      clientId: undefined,
      clientKey: undefined,
    })
  })

  it('reads every option', () => {
    const given = ['--issuer=https://op.example', '--client-id', 'shop', '--client-key', 'key.json']
    expect(readOptions([...given, '--login-hint', 'bert', '--binding-message', 'W7-K2'])).toEqual({
      mode: 'poll',
      help: false,
      deny: false,
      trace: false,
      bindingMessage: 'W7-K2',
      loginHint: 'bert',
      issuer: new URL('https://op.example'),
      clientId: 'shop',
      clientKey: 'key.json',
    })
    expect(readOptions(['-h', '--deny', '--trace'])).toMatchObject({ help: true, deny: true, trace: true })
    expect(readOptions(['--mode=ping', '--deny'])).toMatchObject({ mode: 'ping', deny: true })
    expect(readOptions(['--mode', 'push'])).toMatchObject({ mode: 'push' })
    expect(readOptions(['--issuer=https://op.example', '--mode=poll'])).toMatchObject({ mode: 'poll' })
  })

  it.each([
    [['--nope']],
    [['-x']],
    [['--toString']],
    [['word']],
    [['--deny=1']],
    [['--issuer']],
    [['--issuer=']],
    [['--issuer', '--deny']],
    [['--issuer', 'op.example']],
    [['--issuer', 'ftp://op.example']],
    [['--issuer', 'https://op.example', '--deny']],
    [['--mode']],
    [['--mode', 'pull']],
    [['--mode', 'toString']],
    [['--issuer', 'https://op.example', '--mode', 'ping']],
    [['--issuer', 'https://op.example', '--mode', 'push']],
    [['--mode', 'push', '--client-id', 'shop']],
    [['--client-id', 'shop']],
    [['--client-key', 'key.json']],
  ])('refuses %j with exit code 2', (args) => {
    expect(failureOf(args)).toMatchObject({ name: 'DemoFailure', exitCode: 2 })
  })
})

function failureOf(args: readonly string[]): unknown {
  try {
    return readOptions(args)
  } catch (error) {
    return error instanceof DemoFailure ? error : undefined
  }
}
