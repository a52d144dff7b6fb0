import type { PhoneRequest } from '../provider/index.ts'
import { decisionOf } from './person.ts'
import type { Phone } from './relying-party.ts'
import type { Session } from './session.ts'
import { framed, type Terminal } from './terminal.ts'

/** How long the phone waits for a key, in seconds, and how long the person thinks where there is no keyboard. */
const KEY_WITHIN = 5
const THINKING = 3

/**
 * Shows what has arrived on the person's phone, and tells the provider what they decide, while the client waits for the
 * outcome in its own way. Where the phone is not ours, the person has one of their own.
 *
 * @param outcome What the client does meanwhile; the signal aborts when one of the two has failed.
 */
export async function askPerson<Outcome>(
  session: Session,
  authReqId: string,
  outcome: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const { party, terminal } = session
  const { phone } = party
  const ended = new AbortController()
  if (phone) showScreen(terminal, await phone.waitFor(authReqId))
  else terminal.paragraph('  The person is asked on a phone of their own.')
  const deciding = phone && decide(phone, authReqId, session, ended.signal)
  try {
    const [result] = await Promise.all([outcome(ended.signal), deciding])
    return result
  } finally {
    ended.abort()
  }
}

function showScreen(terminal: Terminal, request: PhoneRequest): void {
  const screen = framed(`${request.accountId}'s phone`, [
    '',
    `${request.clientName ?? request.clientId} wants you to sign in.`,
    '',
    `    ${request.bindingMessage ?? '(no message)'}`,
    '',
    'Do you see this message there?   [y] yes   [n] no',
    '',
    `account: ${request.accountId}    asks for: ${request.scope}`,
  ])
  terminal.paragraph(...screen.map((row) => `      ${terminal.cyan(row)}`))
}

async function decide(phone: Phone, authReqId: string, session: Session, signal: AbortSignal): Promise<void> {
  const { terminal, options } = session
  const refuses = options.deny
  const keyboard = refuses ? undefined : session.keyboard
  const seconds = keyboard ? KEY_WITHIN : THINKING
  terminal.paragraph(
    keyboard
      ? `  Press y or n; without a key this is approved by itself after about ${seconds} seconds.`
      : `  Nobody is asked: this is ${refuses ? 'refused' : 'approved'} by itself after about ${seconds} seconds.`,
  )
  const decision = await decisionOf({ keyboard, seconds, otherwise: refuses ? 'deny' : 'approve', signal })
  // said before it is done: a callback comes while the provider is told
  if (decision === 'approve') {
    terminal.paragraph(`      ${terminal.green('phone: approved')}`)
    await phone.approve(authReqId)
  } else {
    terminal.paragraph(`      ${terminal.red('phone: refused')}`)
    await phone.deny(authReqId)
  }
}
