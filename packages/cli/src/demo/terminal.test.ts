import { describe, expect, it } from 'vitest'
import { framed, printable, terminalOn } from './terminal.ts'

function written(isTTY: boolean, environment: NodeJS.ProcessEnv): string {
  let output = ''
  const terminal = terminalOn({ isTTY, write: (text) => (output += text) }, environment)
  terminal.line(terminal.red('no'))
  return output
}

describe('the terminal', () => {
  it('has colours only on a terminal, and none with NO_COLOR', () => {
    expect(written(true, {})).toBe('\u001b[31mno\u001b[0m\n')
    expect(written(true, { NO_COLOR: '' })).toBe('\u001b[31mno\u001b[0m\n')
    expect(written(true, { NO_COLOR: '1' })).toBe('no\n')
    expect(written(false, {})).toBe('no\n')
  })

  it('leaves one empty line between paragraphs and none at the top', () => {
    let output = ''
    const terminal = terminalOn({ write: (text) => (output += text) }, {})
    terminal.heading('one')
    terminal.paragraph('two', 'three')
    terminal.line('four')
    terminal.gap()
    terminal.gap()
    expect(output).toBe('== one\n\ntwo\nthree\n\nfour\n\n')
  })

  it('replaces characters with which text from elsewhere could steer it', () => {
    expect(printable('a\u001b[2Kb\u202ec\rd\ne ü 送')).toBe('a�[2Kb�c�d�e ü 送')
  })

  it('frames lines', () => {
    expect(framed('phone', ['Pay?', '', 'W7\nK2'])).toEqual([
      '┌─ phone ┐',
      '│ Pay?   │',
      '│        │',
      '│ W7�K2  │',
      '└────────┘',
    ])
  })
})
