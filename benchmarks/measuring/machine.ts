import { cpus, loadavg } from 'node:os'

/** What figures were measured on, and when. */
export interface Machine {
  readonly date: string
  readonly node: string
  readonly processor: string
  /** Programs that ran or wanted to, on average of the last minute: more than this one's where the machine is shared. */
  readonly load: number
}

/** This machine, now. */
export function machine(): Machine {
  const [processor] = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    processor: `${cpus().length} × ${processor?.model.trim() ?? 'an unknown processor'}`,
    load: Math.round(loadavg()[0] ?? 0),
  }
}
