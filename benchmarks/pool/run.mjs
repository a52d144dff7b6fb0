/**
 * `npm run bench:pool`: what a microsecond of work costs that is done between two signatures in Node's thread pool. What waits
 * for a thread is not only the signature: the thread, and the processor under it, fall asleep between two of them, and on some
 * machines it does not begin before the main thread waits. And what the main thread does after it has slept takes longer than
 * the same work over and over.
 */
import { constants, generateKeyPairSync, sign, verify } from 'node:crypto'

const ROUNDS = 15
const VERIFICATIONS = 1000
const WORK = [0, 5, 10, 15, 20]

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = { key: publicKey, padding: constants.RSA_PKCS1_PADDING }
const data = Buffer.alloc(400, 'a')
const signature = sign('sha256', data, privateKey)

/** Verifies in the pool. */
const verified = () =>
  new Promise((resolve, reject) => {
    verify('sha256', data, key, signature, (error, valid) => (error ? reject(error) : resolve(valid)))
  })

/** Keeps the main thread busy for so many microseconds. */
function work(microseconds) {
  const end = performance.now() + microseconds / 1000
  while (microseconds > 0 && performance.now() < end);
}

/** Microseconds of one verification, with work before it is handed over and work after that. */
async function timeOf([before, after]) {
  const start = performance.now()
  for (let count = 0; count < VERIFICATIONS; count++) {
    work(before)
    const valid = verified()
    work(after)
    if (!(await valid)) throw new Error('a genuine signature was refused')
  }
  return ((performance.now() - start) * 1000) / VERIFICATIONS
}

const claims = JSON.stringify({
  iss: 'https://as.example.com',
  sub: 'anna',
  aud: 'https://api.example.com',
  client_id: 'client',
  iat: 1_790_000_000,
  exp: 1_790_000_300,
  jti: 'k3lw8cTQ6bq9oYkXbq0m0o3oJm2nq8W1tC6s1kqVw5c',
  scope: 'accounts payments',
})

/** Microseconds in which claims are read once: one time after the other, or each time after a verification in the pool. */
async function readingTime(afterSleep) {
  let took = 0
  for (let count = 0; count < VERIFICATIONS; count++) {
    if (afterSleep) await verified()
    const start = performance.now()
    if (JSON.parse(claims).sub !== 'anna') throw new Error('claims were read wrong')
    took += performance.now() - start
  }
  return (took * 1000) / VERIFICATIONS
}

const medianOf = (all) => all.sort((one, other) => one - other)[ROUNDS >> 1]

const settings = [...WORK.map((before) => [before, 0]), ...WORK.slice(1).map((after) => [0, after])]
const times = settings.map(() => [])
const readings = { warm: [], cold: [] }
for (let round = 0; round < ROUNDS; round++) {
  for (const [index, setting] of settings.entries()) times[index].push(await timeOf(setting))
  readings.warm.push(await readingTime(false))
  readings.cold.push(await readingTime(true))
}
const medians = times.map(medianOf)

console.log('RS256 by crypto.verify() with a callback, and work of the main thread before or after it is handed over\n')
console.log('before   after    one verification   more than without work')
for (const [index, [before, after]] of settings.entries()) {
  const columns = [`${before} µs`.padEnd(9), `${after} µs`.padEnd(9), `${medians[index].toFixed(1)} µs`.padEnd(19)]
  console.log(`${columns.join('')}${(medians[index] - medians[0]).toFixed(1)} µs`)
}

console.log('\nThe claims of a token by JSON.parse()\n')
console.log(`one time after the other     ${medianOf(readings.warm).toFixed(2)} µs`)
console.log(`each time after a signature  ${medianOf(readings.cold).toFixed(2)} µs`)
