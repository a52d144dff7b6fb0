// A process of several that share one Redis and one authorization server: it does what its parent tells it, and tells it
// everything that happens.
import process from 'node:process'
import { createBackchannel } from '@countersign/backchannel'
import { redis } from '@countersign/backchannel/redis'
import { customFetch, None } from 'countersign'

/** @type {import('./child-protocol.ts').ChildTask} */
const task = JSON.parse(process.argv[2] ?? '')
const { as, mode, origin, url, prefix, lockDuration } = task
let ahead = task.ahead

const backchannel = await createBackchannel({
  as,
  client: { client_id: 'shop', id_token_signed_response_alg: 'ES256', backchannel_token_delivery_mode: mode },
  clientAuthentication: None(),
  backend: redis({ connection: url, prefix, lockDuration }),
  encryptionKeys: [{ kid: 'test', key: new Uint8Array(32).fill(7) }],
  jitter: 0,
  pingFallbackInterval: 2,
  clock: {
    now: () => Date.now() + ahead,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      }),
  },
  [customFetch]: (address, { body, ...request }) =>
    fetch(origin + new URL(address).pathname, { ...request, body: body ?? null }),
})

/** @param {import('./child-protocol.ts').Told} told */
function tell(told) {
  // without a parent there is nobody to tell
  process.send?.(told)
}

/** @param {import('./child-protocol.ts').Asked} asked */
async function answer(asked) {
  switch (asked.do) {
    case 'start':
      return backchannel.start({
        parameters: { scope: 'openid', login_hint: 'anna' },
        ...(asked.idempotencyKey !== undefined && { idempotencyKey: asked.idempotencyKey }),
      })
    case 'wait':
      return backchannel.wait(asked.id)
    case 'take':
      return backchannel.take(asked.id)
    case 'find':
      return backchannel.find(asked.id)
    case 'cancel':
      return backchannel.cancel(asked.id)
    case 'callback': {
      const { url: target, headers, body } = asked
      return (await backchannel.handler(new Request(target, { method: 'POST', headers, body }))).status
    }
    case 'backlog':
      return backchannel.backlog()
    case 'go-ahead':
      ahead += asked.milliseconds
      return ahead
    case 'close':
      return backchannel.close()
  }
}

backchannel.on('*', ({ type }) => tell({ event: type }))

process.on('message', (/** @type {import('./child-protocol.ts').Asked} */ asked) => {
  void answer(asked)
    .then(
      (result) => tell({ to: asked.number, result }),
      (error) => tell({ to: asked.number, code: error.code ?? String(error) }),
    )
    .finally(() => {
      if (asked.do === 'close') process.disconnect()
    })
})

tell({ event: 'open' })
