import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { decisionOf, type Keyboard } from './person.ts'

class FakeKeyboard extends EventEmitter implements Keyboard {
  readonly calls: string[] = []
  setRawMode(raw: boolean) {
    this.calls.push(`raw ${raw}`)
  }
  resume() {
    this.calls.push('resume')
  }
  pause() {
    this.calls.push('pause')
  }
  press(key: string) {
    this.emit('data', Buffer.from(key))
  }
}

const { signal } = new AbortController()
const RESTORED = ['raw true', 'resume', 'raw false', 'pause']

describe('the person', () => {
  it.each([
    ['y', 'approve'],
    ['Y', 'approve'],
    ['n', 'deny'],
  ])('decides with the key %s: %s', async (key, decision) => {
    const keyboard = new FakeKeyboard()
    const decided = decisionOf({ keyboard, seconds: 5, otherwise: 'approve', signal })
    keyboard.press('x')
    keyboard.press(key)
    expect(await decided).toBe(decision)
    expect(keyboard.calls).toEqual(RESTORED)
    expect(keyboard.listenerCount('data')).toBe(0)
  })

  it('decides without a key when the time is over', async () => {
    const keyboard = new FakeKeyboard()
    expect(await decisionOf({ keyboard, seconds: 0.01, otherwise: 'approve', signal })).toBe('approve')
    expect(keyboard.calls).toEqual(RESTORED)
  })

  it('decides without a keyboard', async () => {
    expect(await decisionOf({ keyboard: undefined, seconds: 0.01, otherwise: 'deny', signal })).toBe('deny')
  })

  it.each([new FakeKeyboard(), undefined])('stops waiting when the sign-in has ended', async (keyboard) => {
    const ended = new AbortController()
    const decided = decisionOf({ keyboard, seconds: 5, otherwise: 'approve', signal: ended.signal })
    ended.abort()
    await expect(decided).rejects.toMatchObject({ name: 'AbortError' })
    expect(keyboard?.calls ?? RESTORED).toEqual(RESTORED)
  })

  it('lets Control-C interrupt the program as ever', async () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    const keyboard = new FakeKeyboard()
    const decided = decisionOf({ keyboard, seconds: 0.01, otherwise: 'approve', signal })
    keyboard.press('\u0003')
    expect(kill.mock.calls).toEqual([[process.pid, 'SIGINT']])
    kill.mockRestore()
    await decided
  })
})
