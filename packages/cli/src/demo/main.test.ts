import { type ChildProcess, spawn } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningProvider, startProvider } from '../provider/index.ts'

/** The program as `npm start` runs it: `npm test` builds it first. */
const PROGRAM = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly lastLine: string | undefined
}

function run(args: readonly string[]): Promise<Ended> {
  return endOf(spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }))
}

function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr, lastLine: stdout.trimEnd().split('\n').at(-1) }))
  })
}

/** Every value that is named like a secret, in a form or in JSON, as it was printed. */
function printedSecrets(stdout: string): string[] {
  const named = /^ +"?(?:access_token|auth_req_id|client_assertion|id_token|refresh_token)"?(?: = |: )"?([^"\n]+)/gm
  return [...stdout.matchAll(named), ...stdout.matchAll(/authorization: \w+ (.+)/g)].map(([, value]) => value ?? '')
}

function expectSecretsShortened(stdout: string, atLeast: number): void {
  const secrets = printedSecrets(stdout)
  expect(secrets.length).toBeGreaterThanOrEqual(atLeast)
  expect(secrets.filter((value) => !/^.{8}… \(\d+ characters\)$/.test(value))).toEqual([])
  expect(stdout).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)
}

const count = (text: string, part: string) => text.split(part).length - 1

describe.concurrent('npm start', { timeout: 20_000 }, () => {
  it('signs a person in after at least two polls, prints no secret whole, and exits with 0', async () => {
    const { code, stdout, stderr, lastLine } = await run([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(lastLine).toMatch(/^ok: CIBA poll: anna authenticated by http:\/\/127\.0\.0\.1:\d+$/)
    expect(count(stdout, '"error": "authorization_pending"')).toBeGreaterThanOrEqual(1)
    expect(stdout).toContain('│     Pay 42.00 EUR to Anna? W7-K2')
    expect(stdout).toContain('"name": "Anna Example"')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toMatch(/iss +"http:[^ ]+ +✓ .*id-token\.iss/)
    expectSecretsShortened(stdout, 9)
  })

  it('says that the person refused, and exits with 1 (CIBA Core §11)', async () => {
    const { code, stdout, stderr } = await run(['--deny', '--trace'])
    expect(code).toBe(1)
    expect(stdout).toContain('phone: refused')
    expect(stdout).toContain('✓ backchannel-authentication.auth_req_id')
    expect(stdout).toContain('"error": "access_denied"')
    expect(stderr).toMatch(/^error: [^\n]*access_denied[^\n]*\nwhat to do: [^\n]+\n$/)
    expect(stdout).not.toContain('ok: CIBA')
    expectSecretsShortened(stdout, 5)
  })

  it.each([
    ['invalid_binding_message', '--binding-message', '<b>'],
    ['unknown_user_id', '--login-hint', 'nobody'],
  ])('says that the provider answered %s, and exits with 1 (CIBA Core §13)', async (error, ...args) => {
    const { code, stderr } = await run(args)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(`^error: [^\n]*${error}[^\n]*\nwhat to do: [^\n]+\n$`),
    })
  })

  it.each(['http://127.0.0.1:9', 'https://127.0.0.1:9'])(
    'says in one sentence what failed with --issuer %s, and exits with 1',
    async (issuer) => {
      const { code, stderr } = await run(['--issuer', issuer])
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^error: [^\n]+\n$/) })
    },
  )

  it('says what failed and what to do with an --issuer without TLS, and exits with 1 (RFC 6749 1.6)', async () => {
    const { code, stderr } = await run(['--issuer', 'http://op.example'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: [^\n]+\nwhat to do: [^\n]+\n$/),
    })
  })

  it.each([[['--nope']], [['--issuer']], [['word']]])('refuses %j with exit code 2', async (args) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: [^\n]+\n$/),
    })
  })

  it('explains itself with --help', async () => {
    const { code, stdout, stderr } = await run(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('npm start -- --deny')
  })
})

describe.concurrent('npm start -- --issuer', { timeout: 20_000 }, () => {
  let folder: string
  let keyFile: string
  let provider: RunningProvider
  let hasty: RunningProvider
  let privateKey: string | undefined
  const at = ({ issuer }: RunningProvider) => ['--issuer', issuer, '--client-id', 'shop', '--client-key', keyFile]

  beforeAll(async () => {
    const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    const publicJwk = await webcrypto.subtle.exportKey('jwk', pair.publicKey)
    const privateJwk = await webcrypto.subtle.exportKey('jwk', pair.privateKey)
    privateKey = privateJwk.d
    folder = await mkdtemp(join(tmpdir(), 'countersign-'))
    keyFile = join(folder, 'key.json')
    await writeFile(keyFile, JSON.stringify({ ...privateJwk, alg: 'ES256', kid: 'k1' }))
    const jwks = { keys: [{ ...publicJwk, kid: 'k1', alg: 'ES256', use: 'sig' }] }
    const clients = [{ client_id: 'shop', token_endpoint_auth_method: 'private_key_jwt' as const, jwks }]
    provider = await startProvider({ interval: 1, signingAlgorithms: ['RS256'], clients })
    hasty = await startProvider({ interval: 1, expiresIn: 2, clients })
  })
  afterAll(async () => {
    await provider.close()
    await hasty.close()
    await rm(folder, { recursive: true })
  })

  it('signs a person in at that provider, and prints neither auth_req_id nor key', async () => {
    const shown = provider.phone.next()
    const ended = run(at(provider))
    const { authReqId } = await shown
    await provider.phone.approve(authReqId)
    const { code, stdout, stderr, lastLine } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(lastLine).toBe(`ok: CIBA poll: anna authenticated by ${provider.issuer}`)
    expect(stdout).toContain(`auth_req_id = ${authReqId.slice(0, 8)}…`)
    expect([authReqId, String(privateKey)].filter((secret) => stdout.includes(secret))).toEqual([])
  })

  it('stops when nobody answers before the request expires (CIBA Core §7.3)', async () => {
    const { code, stderr } = await run(at(hasty))
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^error: [^\n]*expired[^\n]*\n$/) })
  })

  it('refuses a missing key and a file that holds none with exit code 2', async () => {
    const other = join(folder, 'other.json')
    await writeFile(other, '{"kty":"EC"}')
    const ends = await Promise.all([
      run(['--issuer', provider.issuer]),
      run(['--issuer', provider.issuer, '--client-key', other]),
      run(['--issuer', provider.issuer, '--client-key', join(folder, 'absent.json')]),
    ])
    expect(ends.map(({ code }) => code)).toEqual([2, 2, 2])
  })

  it('names the rule that an answer broke', async () => {
    const liar = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end('{"issuer":"https://other.example"}')
    })
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
    const address = liar.address()
    const { code, stderr } = await run(['--issuer', `http://127.0.0.1:${typeof address === 'object' && address?.port}`])
    await new Promise((resolve) => liar.close(resolve))
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^error: [^\n]*OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED[^\n]*\nwhat to do: [^\n]+\n$/,
      ),
    })
  })
})
