// As much of a browser as the front channel needs: cookies, redirects and forms.
import { INTERACTION_PATH } from './interactive-provider.ts'

/** What the person answers. */
export interface Person {
  /** anna unless given. */
  readonly sub?: string
  /** When the person was authenticated, in seconds since the epoch; now unless given. */
  readonly auth_time?: number
  readonly refused?: true
}

export type Get = (url: string, init: RequestInit) => Promise<Response>

/** The URL with which the browser comes to the client: the first one that is not the server's. */
export async function comeBack(authorizationUrl: URL, person?: Person, get?: Get): Promise<URL> {
  const { url, page } = await browse(authorizationUrl, person, get)
  if (page !== undefined) throw new Error(`the browser stopped at ${url.href}: ${page}`)
  return url
}

/** The request with which the browser brings the client a form (Form Post Response Mode, 2). */
export async function comeBackWithForm(authorizationUrl: URL, person?: Person): Promise<Request> {
  const { page } = await browse(authorizationUrl, person)
  const form = formIn(page ?? '')
  return new Request(form.action, { method: 'POST', body: form.values })
}

/** Answers the question of a device's verification page, sent form by form. */
export async function confirmDevice(verificationUrl: URL, person: Person = {}): Promise<string> {
  const jar = new Map<string, string>()
  const { page: input = '' } = await browse(verificationUrl, person, fetch, jar)
  const code = formIn(input)
  const { page: question = '' } = await browse(new URL(code.action), person, fetch, jar, code.values)
  const confirmation = formIn(question)
  confirmation.values.set(person.refused ? 'abort' : 'confirm', 'yes')
  const { page = '' } = await browse(new URL(confirmation.action), person, fetch, jar, confirmation.values)
  return page
}

/** Goes on while the server redirects to itself. */
async function browse(
  start: URL,
  person: Person = {},
  get: Get = fetch,
  jar = new Map<string, string>(),
  form?: URLSearchParams,
): Promise<{ readonly url: URL; readonly page?: string }> {
  let url = start
  let body: URLSearchParams | undefined = form
  while (url.origin === start.origin) {
    if (url.pathname.startsWith(INTERACTION_PATH)) answer(url, person)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const post = body && { method: 'POST', body }
    const response = await get(url.href, { headers: { cookie }, redirect: 'manual', ...post })
    body = undefined
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) return { url, page: await response.text() }
    url = new URL(location, url)
  }
  return { url }
}

function answer(url: URL, person: Person): void {
  for (const [name, value] of Object.entries(person)) url.searchParams.set(name, String(value))
}

/** The one form of a page, with the values that it has already. */
function formIn(page: string): { readonly action: string; readonly values: URLSearchParams } {
  const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1]
  if (action === undefined) throw new Error(`no form in ${page}`)
  const fields = page.matchAll(/<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"/g)
  const values = [...fields].map(([, name = '', value = '']) => [name, unescaped(value)])
  return { action: unescaped(action), values: new URLSearchParams(values) }
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['quot', '"'],
  ['#39', "'"],
  ['lt', '<'],
  ['gt', '>'],
  ['#x3D', '='],
  ['#x2F', '/'],
])

function unescaped(text: string): string {
  return text.replace(/&([^;]+);/g, (entity, name: string) => ENTITIES.get(name) ?? entity)
}
