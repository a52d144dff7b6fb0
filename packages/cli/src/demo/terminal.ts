type Paint = (text: string) => string

/** Where the demo prints, and in which colours. */
export interface Terminal {
  line(text: string): void
  /** An empty line, unless there is one already. */
  gap(): void
  /** Lines with a gap before and one behind them. */
  paragraph(...lines: readonly string[]): void
  heading(text: string): void
  readonly bold: Paint
  readonly dim: Paint
  readonly green: Paint
  readonly red: Paint
  readonly cyan: Paint
}

interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Colours only where a person looks, and who sets NO_COLOR to anything wants none (no-color.org). */
export function terminalOn(output: Output, environment: NodeJS.ProcessEnv = process.env): Terminal {
  const coloured = output.isTTY === true && !environment.NO_COLOR
  const paint =
    (code: number): Paint =>
    (text) =>
      coloured ? `\u001b[${code}m${text}\u001b[0m` : text
  let afterGap = true
  const line = (text: string) => {
    output.write(`${text}\n`)
    afterGap = text === ''
  }
  const gap = () => {
    if (!afterGap) {
      line('')
    }
  }
  const paragraph = (...lines: readonly string[]) => {
    gap()
    lines.forEach(line)
    gap()
  }
  const bold = paint(1)
  return {
    line,
    gap,
    paragraph,
    heading(text) {
      paragraph(bold(`== ${text}`))
    },
    bold,
    dim: paint(2),
    green: paint(32),
    red: paint(31),
    cyan: paint(36),
  }
}

/** Text from elsewhere, without the control and direction characters that could make a terminal lie. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')
}

/** A box of lines below a title. */
export function framed(title: string, lines: readonly string[]): string[] {
  const head = `─ ${printable(title)} `
  const rows = lines.map((line) => ` ${printable(line)} `)
  const width = Math.max(...[head, ...rows].map(length))
  const fill = (text: string, character: string) => text + character.repeat(width - length(text))
  return [`┌${fill(head, '─')}┐`, ...rows.map((row) => `│${fill(row, ' ')}│`), `└${fill('', '─')}┘`]
}

function length(text: string): number {
  return Array.from(text).length
}
