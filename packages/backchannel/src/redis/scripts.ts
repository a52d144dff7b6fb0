// What a store does at once, each as one Lua script. A record's value is its version, a space, and the record as JSON.
// KEYS: the record, the set of all records, and those of the transaction's indexes that there are.
import type { Redis } from 'ioredis'

type Answer = Promise<string | null>
type Done = Promise<0 | 1>

/** A connection that knows the scripts. */
export interface ScriptedRedis extends Redis {
  countersignCreate(numberOfKeys: number, ...keysAndArguments: (number | string)[]): Answer
  countersignReplace(numberOfKeys: number, ...keysAndArguments: (number | string)[]): Done
  countersignRemove(numberOfKeys: number, ...keysAndArguments: (number | string)[]): Done
  countersignFind(index: string, recordPrefix: string): Answer
  countersignForget(record: string, records: string, id: string): Done
}

/** ARGV: id, value, due, expiry, whether the first index is that of the idempotency key, what records' keys begin with. */
const CREATE = `
local rival = ARGV[5] == '1' and redis.call('GET', KEYS[3])
local there = (rival and redis.call('GET', ARGV[6] .. rival)) or redis.call('GET', KEYS[1])
if there then return there end
redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PXAT', ARGV[4]) end
return false`

/** ARGV: id, value, due, expiry, the version that is replaced. */
const REPLACE = `
local there = redis.call('GET', KEYS[1])
if not there or string.match(there, '^%d+') ~= ARGV[5] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
for i = 3, #KEYS do redis.call('PEXPIREAT', KEYS[i], ARGV[4]) end
return 1`

/** ARGV: id, the version that is removed. */
const REMOVE = `
local there = redis.call('GET', KEYS[1])
if not there or string.match(there, '^%d+') ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
for i = 3, #KEYS do redis.call('DEL', KEYS[i]) end
return 1`

/** KEYS: an index. ARGV: what records' keys begin with. */
const FIND = `
local id = redis.call('GET', KEYS[1])
return id and redis.call('GET', ARGV[1] .. id)`

/** KEYS: a record that has expired, the set of all records. ARGV: id. */
const FORGET = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
return redis.call('ZREM', KEYS[2], ARGV[1])`

export function scripted(client: Redis): ScriptedRedis {
  client.defineCommand('countersignCreate', { lua: CREATE })
  client.defineCommand('countersignReplace', { lua: REPLACE })
  client.defineCommand('countersignRemove', { lua: REMOVE })
  client.defineCommand('countersignFind', { lua: FIND, numberOfKeys: 1 })
  client.defineCommand('countersignForget', { lua: FORGET, numberOfKeys: 2 })
  // each of its methods was defined just now
  return client as ScriptedRedis
}
