import { callbackResponse } from 'countersign'
import type { CheckLog } from './check-log.ts'
import { authorizationLine, bodyLines, paintStatus } from './exchange-log.ts'
import { sentenceFor } from './sentences.ts'
import { printable, type Terminal } from './terminal.ts'

interface Endpoint<Callback> {
  readonly terminal: Terminal
  readonly checks: CheckLog
  readonly mode: 'ping' | 'push'
  readonly validate: (request: Request) => Promise<Callback>
  readonly onValid: (callback: Callback) => void
}

/**
 * A notification endpoint that prints what comes, the checks that were applied to it, and the answer. What is refused is
 * answered so and told to nobody: it may come from anybody, and the right one may still come.
 */
export function loggedCallbacks<Callback>(endpoint: Endpoint<Callback>): (request: Request) => Promise<Response> {
  const { terminal, validate, onValid } = endpoint
  return async (request) => {
    const body = await request.clone().text()
    const authorization = request.headers.get('authorization') ?? ''
    const contentType = request.headers.get('content-type') ?? 'nothing'
    terminal.gap()
    terminal.line(`  ${terminal.bold(terminal.cyan(`← ${request.method}`))} ${printable(request.url)}`)
    terminal.line(`    ${authorizationLine(authorization)}`)
    terminal.line(`    content-type: ${printable(contentType)}`)
    for (const line of bodyLines(contentType, body)) terminal.line(`    ${terminal.dim(line)}`)
    try {
      const callback = await validate(request)
      printChecks(endpoint)
      const response = callbackResponse()
      printAnswer(terminal, response)
      onValid(callback)
      return response
    } catch (error) {
      const response = callbackResponse(error)
      terminal.line(`  ${terminal.red(`✗ ${sentenceFor(error)}`)}`)
      printAnswer(terminal, response)
      return response
    }
  }
}

/** Rules about the body of a callback as a whole, and not about a member. */
const ABOUT_BODY = ['body', 'size', 'json', 'object']

const PARTS = [
  'method',
  'authorization',
  'content-type',
  'body',
  'auth_req_id',
  'client_notification_token',
  'backchannel_token_delivery_mode',
]

/** Each part of a callback, and the rules that were applied to it. */
function printChecks({ terminal, checks, mode }: Pick<Endpoint<unknown>, 'checks' | 'mode' | 'terminal'>): void {
  const width = Math.max(...PARTS.map((part) => part.length))
  const lines = PARTS.map((part) => {
    const about = part === 'body' ? ABOUT_BODY : [part]
    // what push-callback.auth_req_id is about, is a claim
    const things = part === 'auth_req_id' ? ['callback'] : ['callback', `${mode}-callback`]
    const rules = about.flatMap((one) => checks.rulesAbout(things, one))
    return `  ${part.padEnd(width)}  ${terminal.green(`✓ ${rules.join(', ')}`)}`
  })
  terminal.paragraph(...lines)
}

function printAnswer(terminal: Terminal, response: Response): void {
  terminal.line(`  ${paintStatus(terminal, response)}`)
  terminal.gap()
}
