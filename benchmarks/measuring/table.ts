/** Lines of text in columns; numbers stand to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, String(cell).length)
  }
  return rows.map((row) => line(row, widths)).join('\n')
}

function line(row: readonly (string | number)[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => {
    const text = String(cell)
    const width = widths[column] ?? 0
    return column > 0 && /^[\d.–-]/.test(text) ? text.padStart(width) : text.padEnd(width)
  })
  return cells.join('  ').trimEnd()
}
