import { systemClock, pollForTokens } from './polling.ts'
import { askPerson } from './phone-screen.ts'
import { type Delivered, deliveredBy, requestAuthentication, requestTokens, type Session } from './session.ts'

/** Poll mode: the client asks until the person has answered (CIBA Core §10.1). */
export async function byPoll(session: Session): Promise<Delivered> {
  const { terminal } = session
  terminal.heading('CIBA authentication request')
  const sentAt = performance.now()
  const { auth_req_id, expires_in, interval } = await requestAuthentication(session)

  terminal.heading('The person decides, while the client polls for the tokens')
  const answer = await askPerson(session, auth_req_id, (signal) =>
    pollForTokens(
      { expiresIn: expires_in, interval, sentAt },
      () => requestTokens(session, auth_req_id),
      (line) => {
        terminal.paragraph(`  ${terminal.dim(`poll: ${line}`)}`)
      },
      systemClock(signal),
    ),
  )

  terminal.heading('The ID Token: signature and claims')
  return await deliveredBy(session, answer)
}
