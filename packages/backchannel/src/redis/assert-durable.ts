import type { Redis } from 'ioredis'

/** Looks whether Redis keeps what it is given: that it writes to its append-only file, and never deletes to make room. */
export async function assertDurable(client: Redis): Promise<void> {
  const [persistence, memory] = await Promise.all([client.info('persistence'), client.info('memory')])
  if (fieldOf(persistence, 'aof_enabled') !== '1') {
    throw new Error('Redis does not keep transactions over its restart: run it with "appendonly yes"')
  }
  if (fieldOf(memory, 'maxmemory') !== '0' && fieldOf(memory, 'maxmemory_policy') !== 'noeviction') {
    throw new Error('Redis deletes transactions where memory is short: run it with "maxmemory-policy noeviction"')
  }
}

/** The value of a line `name:value` of what INFO answers. */
function fieldOf(text: string, name: string): string | undefined {
  const start = `${name}:`
  return text
    .split('\r\n')
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
}
