/** Ids by the moment at which they are due, the earliest first. One entry an id: two numbers and its name. */
export interface DueHeap {
  readonly size: number
  /** Puts an id in, or moves it. */
  set(id: string, dueAt: number): void
  delete(id: string): void
  /** The earliest moment; `Infinity` where nothing is in. */
  earliest(): number
  /** Takes the earliest id out, if it is due at that moment. */
  take(now: number): string | undefined
  /** Moves every moment by so much: their order stays. */
  shift(milliseconds: number): void
  /** How many are due at that moment. */
  countDue(now: number): number
}

/** A binary heap in two arrays; the place of each id is known, so that a later moment replaces an earlier one. */
export function dueHeap(): DueHeap {
  const ids: string[] = []
  const moments: number[] = []
  const places = new Map<string, number>()

  // a place below `ids.length` holds an id and a moment, and every caller has seen to that
  const momentAt = (place: number) => moments[place] ?? Infinity

  function put(place: number, id: string, dueAt: number): void {
    ids[place] = id
    moments[place] = dueAt
    places.set(id, place)
  }

  function settle(from: number, id: string, dueAt: number): void {
    let place = from
    for (let parent = (place - 1) >> 1; place > 0 && momentAt(parent) > dueAt; parent = (place - 1) >> 1) {
      put(place, ids[parent] ?? '', momentAt(parent))
      place = parent
    }
    for (let child = earlierChild(place); momentAt(child) < dueAt; child = earlierChild(place)) {
      put(place, ids[child] ?? '', momentAt(child))
      place = child
    }
    put(place, id, dueAt)
  }

  function earlierChild(place: number): number {
    const left = 2 * place + 1
    return momentAt(left + 1) < momentAt(left) ? left + 1 : left
  }

  function remove(place: number): void {
    const id = ids[place] ?? ''
    const lastId = ids.pop() ?? ''
    const lastMoment = moments.pop() ?? 0
    places.delete(id)
    if (place < ids.length) settle(place, lastId, lastMoment)
  }

  return {
    get size() {
      return ids.length
    },
    set(id, dueAt) {
      settle(places.get(id) ?? ids.length, id, dueAt)
    },
    delete(id) {
      const place = places.get(id)
      if (place !== undefined) remove(place)
    },
    earliest: () => momentAt(0),
    take(now) {
      const [id] = ids
      if (id === undefined || momentAt(0) > now) return undefined
      remove(0)
      return id
    },
    shift(milliseconds) {
      for (const [place, moment] of moments.entries()) moments[place] = moment + milliseconds
    },
    countDue(now) {
      let count = 0
      for (const places = [0]; places.length > 0;) {
        const place = places.pop() ?? 0
        if (place >= ids.length || momentAt(place) > now) continue
        count++
        places.push(2 * place + 1, 2 * place + 2)
      }
      return count
    },
  }
}
