import fc from 'fast-check'

/**
 * A value that is usually right. A case is made of many of these, so that most cases are wrong in one or two places
 * only: a case that is wrong everywhere is refused by the first check and shows nothing of the others.
 */
export function mostly<Right, Wrong>(
  right: Right,
  wrong: fc.Arbitrary<Wrong>,
  weight = 12,
): fc.Arbitrary<Right | Wrong> {
  return fc.oneof({ withCrossShrink: true }, { arbitrary: fc.constant(right), weight }, { arbitrary: wrong, weight: 1 })
}

/** The same, where what is usually right is itself generated. */
export function mostlyFrom<Right, Wrong>(
  right: fc.Arbitrary<Right>,
  wrong: fc.Arbitrary<Wrong>,
  weight = 12,
): fc.Arbitrary<Right | Wrong> {
  return fc.oneof({ withCrossShrink: true }, { arbitrary: right, weight }, { arbitrary: wrong, weight: 1 })
}

export function pick<const Value>(...values: readonly Value[]): fc.Arbitrary<Value> {
  return fc.constantFrom(...values)
}
