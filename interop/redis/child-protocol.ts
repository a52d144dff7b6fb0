import type { AuthorizationServer } from 'countersign'

/** What a child process is begun with. */
export interface ChildTask {
  readonly as: AuthorizationServer
  readonly mode: 'ping' | 'poll' | 'push'
  /** Where that server really is. */
  readonly origin: string
  /** Where Redis is. */
  readonly url: string
  readonly prefix: string
  /** Seconds. */
  readonly lockDuration: number
  /** By how many milliseconds its clock is ahead. */
  readonly ahead: number
}

/** What a child process is asked to do. */
export type Request =
  | { readonly do: 'backlog' | 'close' }
  | { readonly do: 'callback'; readonly url: string; readonly headers: Record<string, string>; readonly body: string }
  | { readonly do: 'cancel' | 'find' | 'take' | 'wait'; readonly id: string }
  | { readonly do: 'go-ahead'; readonly milliseconds: number }
  | { readonly do: 'start'; readonly idempotencyKey?: string }

export type Asked = Request & { readonly number: number }

/** What a child process tells: what happened, or an answer by the number that it was asked with. */
export type Told =
  | { readonly event: string }
  | { readonly to: number; readonly result: unknown }
  | { readonly to: number; readonly code: string }
