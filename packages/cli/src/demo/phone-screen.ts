import type { Phone, PhoneRequest } from '../provider/index.ts'
import { decisionOf, type Keyboard } from './person.ts'
import { framed, type Terminal } from './terminal.ts'

/** How long the phone waits for a key, in seconds, and how long the person thinks where there is no keyboard. */
const KEY_WITHIN = 5
const THINKING = 3

interface Holder {
  readonly terminal: Terminal
  /** The keyboard with which someone may answer; without one the person decides alone. */
  readonly keyboard: Keyboard | undefined
  /** What the person decides alone. */
  readonly refuses: boolean
  readonly signal: AbortSignal
}

/**
 * Shows what has arrived on the person's phone, and returns what waits for the decision and tells it to the provider.
 * Where the phone is not ours, the person has one of their own.
 */
export async function showPhone(
  phone: Phone | undefined,
  authReqId: string,
  holder: Holder,
): Promise<() => Promise<void>> {
  if (!phone) {
    holder.terminal.paragraph('  The person is asked on a phone of their own.')
    return () => Promise.resolve()
  }
  showScreen(holder.terminal, await phone.waitFor(authReqId))
  return () => answer(phone, authReqId, holder)
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

async function answer(phone: Phone, authReqId: string, holder: Holder): Promise<void> {
  const { terminal, keyboard, refuses, signal } = holder
  const seconds = keyboard ? KEY_WITHIN : THINKING
  terminal.paragraph(
    keyboard
      ? `  Press y or n; without a key this is approved by itself after about ${seconds} seconds.`
      : `  Nobody is asked: this is ${refuses ? 'refused' : 'approved'} by itself after about ${seconds} seconds.`,
  )
  const decision = await decisionOf({ keyboard, seconds, otherwise: refuses ? 'deny' : 'approve', signal })
  if (decision === 'approve') {
    await phone.approve(authReqId)
    terminal.paragraph(`      ${terminal.green('phone: approved')}`)
  } else {
    await phone.deny(authReqId)
    terminal.paragraph(`      ${terminal.red('phone: refused')}`)
  }
}
