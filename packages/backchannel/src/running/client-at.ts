import { type Client, clockSkew } from 'countersign'
import type { Running } from './context.ts'

/** The client with its clock set to a moment: an ID Token must have been good when it came, and not when it is looked at. */
export function clientAt({ settings }: Running, moment: number): Client {
  const { client } = settings
  return { ...client, [clockSkew]: (client[clockSkew] ?? 0) + (moment - Date.now()) / 1000 }
}
