/** A map that forgets what was not asked for lately. */
export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
}

/**
 * Makes a cache that holds at most the given number of entries, and of these surely the half that was used last: entries
 * move into a younger generation when they are asked for, and when that is full, the older one is forgotten.
 */
export function boundedCache<Key, Value>(maximum: number): BoundedCache<Key, Value> {
  let younger = new Map<Key, Value>()
  let older = new Map<Key, Value>()
  const set = (key: Key, value: Value): void => {
    younger.set(key, value)
    if (younger.size * 2 < maximum) return
    older = younger
    younger = new Map()
  }
  return {
    get(key) {
      const value = younger.get(key)
      if (value !== undefined) return value
      const old = older.get(key)
      if (old !== undefined) set(key, old)
      return old
    },
    set,
  }
}
