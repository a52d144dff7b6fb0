import type { Accepted } from '../harness/accepted.ts'
import { comesOf } from '../harness/comes-of.ts'
import { memberOf, refusalOf, texts } from '../harness/refusal.ts'
import type { Record } from '../harness/scene.ts'

export const keyDifferences: readonly Accepted[] = [
  {
    id: 'A key that nobody can read is passed over',
    reason:
      'A key whose `key_ops` is neither a list nor a text is passed over; oauth4webapi runs into an error of the runtime, whichever key is needed, so that one broken key takes away all others.',
    spec: 'RFC 7517 §5: implementations should ignore keys in a set whose values are out of the supported ranges.',
    covers: ({ path }, { topic, input, theirs, ours }) =>
      topic === 'application-level signature' &&
      path[0] === 'validateApplicationLevelSignature' &&
      refusalOf(theirs, path[0])?.class === 'TypeError' &&
      refusalOf(theirs, path[0])?.code === undefined &&
      refusalOf(ours, path[0]) === undefined &&
      texts(input).some(({ name, text }) => name === 'more' && text === 'key_ops'),
  },
  {
    id: 'One caller does not abort the fetch of all',
    reason:
      'Calls that need the keys of a server at the same time share one request. An aborted signal ends the call that gave it, with its reason, and not the request of the others.',
    spec: 'No specification speaks of it.',
    covers({ path: [label = '', member], ours }, { topic, input, ours: record }) {
      const aborted = texts(input).some(({ name, text }) => name === 'signal' && text === 'aborted')
      if (topic !== 'application-level signature' || !aborted) return false
      if (label.startsWith('request ')) return member === 'signal' && ours === 'signal, open'
      const call = 'validateApplicationLevelSignature'
      const left = memberOf(record[call], 'rejects') === '‹the reason of the abort›'
      // what came of the request that went on without the caller
      return left && (label === call || label === 'the cache afterwards' || label === 'requests')
    },
  },
  {
    id: 'Keys outlive a failed refetch',
    reason:
      'When the keys are asked for again because of an unknown `kid` and the server fails, those that are known are kept until they are too old; oauth4webapi forgets them, so that one token with a made-up `kid`, sent while the server fails, takes away the keys of all others.',
    spec: 'OIDC Core §10.1.1: keys are published for a reasonable period; it does not speak of failures.',
    covers: ({ path: [label = ''] }, { topic, theirs }) => {
      const order = Object.keys(theirs)
      const failure = order.findIndex((one) => isFailedFetch(theirs, one))
      if (!topic.startsWith('life cycle') || failure === -1) return false
      return !(label in theirs) || order.indexOf(label) >= failure
    },
  },
  {
    id: 'An unsigned ID Token is registered',
    reason:
      'An ID Token with the `alg` of `none` is refused where only the server’s list names `none`; oauth4webapi takes it. Otherwise whoever can add a word to that list, or a server that has it there for other clients, takes the signature away.',
    spec: 'OIDC Core §2: none only where the client registered it.',
    covers: (found, all) =>
      texts(all.input).some(({ name, text }) => name === 'header' && /"alg":\s*"none"/.test(text)) &&
      comesOf(found, all, 'id-token.alg-none'),
  },
  {
    id: 'A public exponent makes signatures',
    reason:
      'An RSA key whose public exponent is 0 or 1 is refused as such a key: by 1 everybody can sign for it, and 0 verifies nothing. oauth4webapi verifies under the one, and calls the other a wrong signature.',
    spec: 'RFC 7518 §6.3.1.2: `e` is the exponent of the public key; RFC 8017 §3.1: it is between 3 and n - 1.',
    covers: (found, all) =>
      texts(all.input).some(({ name, text }) => name === 'spoilt' && text === 'e') &&
      comesOf(found, all, 'key.exponent'),
  },
]

/** A validation that came to nothing because the server did not answer with its keys. */
function isFailedFetch(record: Record, label: string): boolean {
  const isValidation = label.startsWith('validateApplicationLevelSignature')
  return isValidation && refusalOf(record, label)?.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM'
}
