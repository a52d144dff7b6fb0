import type { Accepted } from '../harness/accepted.ts'
import { texts } from '../harness/refusal.ts'

export const keyDifferences: readonly Accepted[] = [
  {
    id: '`key_ops` is a list',
    reason: 'A key whose `key_ops` is not a list is passed over; oauth4webapi searches a text for “verify”.',
    spec: 'RFC 7517 §4.3: its value is an array of key operation values.',
    covers: ({ path }, { topic, input }) =>
      topic === 'application-level signature' &&
      path[0] === 'validateApplicationLevelSignature' &&
      texts(input).some(
        ({ name, text }, index, all) => name === 'more' && text === 'key_ops' && !all[index + 1]?.text.startsWith('['),
      ),
  },
  {
    id: 'One caller does not abort the fetch of all',
    reason:
      'Calls that need the keys of a server at the same time share one request. An aborted signal ends the call that gave it, not the request.',
    spec: 'No specification speaks of it.',
    covers: (_, { topic, input }) =>
      topic === 'application-level signature' &&
      texts(input).some(({ name, text }) => name === 'signal' && text === 'aborted'),
  },
  {
    id: 'Keys outlive a failed refetch',
    reason:
      'When the keys are asked for again because of an unknown `kid` and the server fails, those that are known are kept until they are too old; oauth4webapi forgets them.',
    spec: 'OIDC Core §10.1.1: keys are published for a reasonable period; it does not speak of failures.',
    covers: (_, { topic, input }) => topic.startsWith('life cycle') && JSON.stringify(input).includes('"fails":true'),
  },
]
