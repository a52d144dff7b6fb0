// LemonLDAP::NG as Debian packages it: a single sign-on portal in Perl that is an OpenID Provider too.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { REDIRECT_URI } from '../oauth/interactive-provider.ts'
import { configuration, foldersIn, type LemonldapClient, settingsFile } from './lemonldap-configuration.ts'
import { assertInstalled, createSession, type PackagedServer, startProgram } from '@countersign/cli/servers'
import type { ServerWithPages } from './sign-in.ts'

const PLACKUP = '/usr/bin/plackup'
const PORTAL = '/usr/share/lemonldap-ng/portal/htdocs/index.psgi'

export const LEMONLDAP: PackagedServer = {
  name: 'LemonLDAP::NG',
  files: [
    PLACKUP,
    PORTAL,
    ...['GD/SecurityImage', 'IO/String', 'String/Random'].map((name) => `/usr/share/perl5/${name}.pm`),
  ],
  // the portal's package only recommends the libraries that it loads
  packages: [
    ...['liblemonldap-ng-portal-perl', 'lemonldap-ng-fastcgi-server', 'libplack-perl'],
    ...['libgd-securityimage-perl', 'libimage-magick-perl', 'libio-string-perl', 'libstring-random-perl'],
  ],
}

/** One of its demonstration accounts, whose password is its name. */
export const PERSON = { uid: 'dwho', name: 'Doctor Who', email: 'dwho@badwolf.org' }

export interface Lemonldap extends ServerWithPages {
  /** It ends in a slash. */
  readonly issuer: string
  /** Where the browser of a person comes out who refuses what the client asks for. */
  refuse(authorizationUrl: URL): Promise<URL>
  stop(): Promise<void>
}

export async function startLemonldap(clients: readonly LemonldapClient[]): Promise<Lemonldap> {
  assertInstalled(LEMONLDAP)
  const issuerOn = (port: string) => `http://127.0.0.1:${port}/`
  const program = await startProgram(async (folder, port) => {
    const folders = foldersIn(folder)
    await Promise.all(Object.values(folders).map((name) => mkdir(name)))
    const settings = join(folder, 'lemonldap-ng.ini')
    await writeFile(settings, settingsFile(folders))
    const all = configuration(issuerOn(port), folders, clients, REDIRECT_URI)
    await writeFile(join(folders.configuration, 'lmConf-1.json'), JSON.stringify(all))
    const args = ['--env', 'deployment', '--host', '127.0.0.1', '--port', port, PORTAL]
    return { command: PLACKUP, args, env: { LLNG_DEFAULTCONFFILE: settings } }
  })
  return {
    issuer: issuerOn(program.port),
    comeBack: (authorizationUrl) => browse(authorizationUrl),
    refuse: (authorizationUrl) => browse(authorizationUrl, true),
    stop: () => program.stop(),
  }
}

/** The login page, and the one that asks for consent: each answered in the form that it shows. */
async function browse(authorizationUrl: URL, refuses = false): Promise<URL> {
  const session = createSession()
  let url = authorizationUrl
  let form: URLSearchParams | undefined
  for (let pages = 0; pages < 10; pages++) {
    const response = await session.fetch(url, form && { method: 'POST', body: form })
    const location = response.headers.get('location')
    if (location === null) {
      form = answerTo(await response.text(), refuses)
    } else {
      url = new URL(location, url)
      form = undefined
    }
    if (url.origin !== authorizationUrl.origin) return url
  }
  throw new Error(`the browser stays at ${url.href}`)
}

/** Every form is sent to the page's own URL. */
function answerTo(page: string, refuses: boolean): URLSearchParams {
  const form = new URLSearchParams()
  for (const [input] of page.matchAll(/<input(?= [^>]*type="hidden")[^>]*>/g)) {
    const name = / name="([^"]*)"/.exec(input)?.[1]
    if (name !== undefined) form.set(name, / value="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  const consent = form.get('confirm')
  if (consent === null) {
    form.set('user', PERSON.uid)
    form.set('password', PERSON.uid)
  } else if (refuses) {
    // as the script of its page does, for the button to refuse
    form.set('confirm', `-${consent}`)
  }
  return form
}
