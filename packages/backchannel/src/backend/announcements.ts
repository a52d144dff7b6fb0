import type { Announcement } from '../transaction/outcome.ts'

/** Tells every process that waits that an outcome is stored. Something announced may be missed, and never is wrong. */
export interface Announcements {
  /**
   * The outcome of this transaction is stored. Resolves when it is on its way; a fault is no fault of the transaction.
   *
   * @param announcement Which outcome.
   */
  publish(announcement: Announcement): Promise<void>

  /**
   * Calls the listener for each announcement from now on, of any process.
   *
   * @param listener Is called once for each.
   * @param missed Is called when there may have been some that were not heard.
   * @returns A function that ends it.
   */
  listen(listener: (announcement: Announcement) => void, missed: () => void): () => void
}
