import type { Backlog } from '../backend/scheduler.ts'
import type { BackchannelEvent } from './event.ts'

/** Makes spans, and receives what metrics are made of. */
export interface Telemetry {
  /**
   * Runs `act` within a span, which is the parent of those that `act` makes.
   *
   * @param name The span's name.
   * @param attributes What it tells.
   * @param act What happens within.
   * @returns What `act` resolves with.
   */
  span<T>(name: string, attributes: SpanAttributes, act: () => Promise<T>): Promise<T>
  /**
   * Receives every event.
   *
   * @param event What happened.
   */
  event(event: BackchannelEvent): void
  /**
   * Asks for the backlog whenever metrics are collected.
   *
   * @param backlog Gives it.
   * @returns A function that ends it.
   */
  observe(backlog: () => Promise<Backlog>): () => void
}

/** What a span tells: never a token, a hint or a message. */
export type SpanAttributes = Readonly<Record<string, boolean | number | string>>
