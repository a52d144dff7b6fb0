import { parseArgs } from 'node:util'
import { DemoFailure } from './failures.ts'

export const HELP = `Signs a person in over CIBA and shows every step.

  npm start                        against an OpenID Provider started for this run
  npm start -- --mode ping         the same, and the provider calls when the person has decided
  npm start -- --mode push         against glewlwyd, started for this run, which delivers the tokens itself
  npm start -- --deny              the person refuses, in any mode
  npm start -- --issuer URL        against another provider, which must know the client; poll mode only

  --mode poll|ping|push            how the client learns the outcome (default: poll)
  --trace                          every check that the library applies, with its paragraph
  --binding-message TEXT           what the person compares on both screens
  --login-hint TEXT                whom to sign in (default: anna)
  --client-id ID                   with --issuer: the client's identifier there
  --client-key FILE                with --issuer: its private key for private_key_jwt, a JWK with "alg"
  -h, --help                       this text

Exit status: 0 signed in; 1 not signed in; 2 the options make no sense.
NO_COLOR=1 in the environment turns colours off.
`

export interface DemoOptions {
  readonly mode: Mode
  readonly help: boolean
  readonly deny: boolean
  readonly trace: boolean
  readonly bindingMessage: string
  readonly loginHint: string
  /** Unless given, a provider is started for this run. */
  readonly issuer: URL | undefined
  readonly clientId: string | undefined
  readonly clientKey: string | undefined
}

const MODES = ['poll', 'ping', 'push'] as const

/** CIBA Core §5: how the client learns what the person has decided. */
export type Mode = (typeof MODES)[number]

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  deny: { type: 'boolean' },
  trace: { type: 'boolean' },
} as const
const TEXTS = {
  mode: { type: 'string' },
  'binding-message': { type: 'string' },
  'login-hint': { type: 'string' },
  issuer: { type: 'string' },
  'client-id': { type: 'string' },
  'client-key': { type: 'string' },
} as const

/** Reads the command line; refuses what it does not know with exit code 2. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: { ...FLAGS, ...TEXTS },
    strict: false,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw misuse(`unexpected argument ${JSON.stringify(token.value)}`)
    }
    if (token.kind === 'option') {
      checkOption(token.name, token.rawName, token.value)
    }
  }
  const text = (name: keyof typeof TEXTS) => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const options: DemoOptions = {
    mode: modeOf(text('mode') ?? 'poll'),
    help: values.help === true,
    deny: values.deny === true,
    trace: values.trace === true,
    bindingMessage: text('binding-message') ?? 'Pay 42.00 EUR to Anna? W7-K2',
    loginHint: text('login-hint') ?? 'anna',
    issuer: issuerOf(text('issuer')),
    clientId: text('client-id'),
    clientKey: text('client-key'),
  }
  if (options.issuer && options.deny) {
    throw misuse('--deny is for the provider started here: elsewhere the person decides')
  }
  if (options.issuer && options.mode !== 'poll') {
    throw misuse(`--mode ${options.mode} is for the provider started here: another cannot call an endpoint of this run`)
  }
  if (!options.issuer && (options.clientId !== undefined || options.clientKey !== undefined)) {
    throw misuse('--client-id and --client-key are for a provider named with --issuer')
  }
  return options
}

function checkOption(name: string, rawName: string, value: string | undefined): void {
  if (!Object.hasOwn(FLAGS, name) && !Object.hasOwn(TEXTS, name)) {
    throw misuse(`unknown option ${rawName}`)
  }
  if (Object.hasOwn(FLAGS, name) && value !== undefined) {
    throw misuse(`${rawName} takes no value`)
  }
  if (Object.hasOwn(TEXTS, name) && !value) {
    throw misuse(`${rawName} needs a value`)
  }
}

function modeOf(text: string): Mode {
  const mode = MODES.find((name) => name === text)
  if (mode === undefined) {
    throw misuse(`--mode needs ${MODES.join(', ')}, not ${JSON.stringify(text)}`)
  }
  return mode
}

function issuerOf(text: string | undefined): URL | undefined {
  if (text !== undefined && !(URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) {
    throw misuse(`--issuer needs a http or https URL, not ${JSON.stringify(text)}`)
  }
  return text === undefined ? undefined : new URL(text)
}

function misuse(what: string): DemoFailure {
  return new DemoFailure(`${what}; npm start -- --help lists the options`, { exitCode: 2 })
}
