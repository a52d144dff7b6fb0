/** Tells a number from everything else, and from what is none or has no end: `1e999` in JSON has become infinite here. */
export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
