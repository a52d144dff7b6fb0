import { type ChildProcess, spawn } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isServerLeftOut } from '../../../../interop/servers/packaged.ts'
import { type RunningProvider, startProvider } from '../provider/index.ts'
import { GLEWLWYD } from '../servers/index.ts'

/** The program as `npm start` runs it: `npm test` builds it first. */
const PROGRAM = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly lastLine: string | undefined
}

function run(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Ended> {
  return endOf(spawn(process.execPath, [...nodeOptions, PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }))
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
  const named =
    /^ +"?(?:access_token|(?:urn:openid:params:jwt:claim:)?auth_req_id|client_(?:assertion|notification_token|secret)|id_token|refresh_token)"?(?: = |: | +(?="))"?([^"\n]+)/gm
  return [...stdout.matchAll(named), ...stdout.matchAll(/authorization: \w+ (.+)/g)].map(([, value]) => value ?? '')
}

function expectSecretsShortened(stdout: string, atLeast: number): void {
  const secrets = printedSecrets(stdout)
  expect(secrets.length).toBeGreaterThanOrEqual(atLeast)
  expect(secrets.filter((value) => !/^.{8}… \(\d+ characters\)$/.test(value))).toEqual([])
  expect(stdout).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)
}

const count = (text: string, part: string) => text.split(part).length - 1

describe.concurrent('npm start', () => {
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

  it.each([
    [['--nope']],
    [['--issuer']],
    [['word']],
    [['--mode', 'pull']],
    [['--mode', 'ping', '--issuer', 'https://op.example']],
  ])('refuses %j with exit code 2', async (args) => {
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
    expect(stdout).toContain('npm start -- --mode push')
  })
})

/** The lines between two headings. */
function part(stdout: string, heading: string): string {
  const [, after = ''] = stdout.split(`== ${heading}`)
  return after.split('\n== ')[0] ?? ''
}

describe.concurrent('npm start -- --mode ping', () => {
  it('signs a person in by a ping over TLS, and asks for the tokens once (CIBA Core §10.2)', async () => {
    const { code, stdout, stderr, lastLine } = await run(['--mode', 'ping'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(lastLine).toMatch(/^ok: CIBA ping: anna authenticated by http:\/\/127\.0\.0\.1:\d+$/)
    expect(part(stdout, 'CIBA authentication request')).toContain('client_notification_token = ')
    const ping = part(stdout, 'The person decides, and the provider pings the client')
    expect(ping).toMatch(/← POST https:\/\/localhost:\d+\/notifications\n {4}authorization: Bearer /)
    for (const rule of ['callback.method', 'callback.client_notification_token', 'callback.auth_req_id-same']) {
      expect(ping).toMatch(new RegExp(`✓ .*${rule}`))
    }
    expect(ping).toContain('✓ ping-callback.backchannel_token_delivery_mode')
    expect(ping).toContain('→ 204 No Content')
    expect(count(stdout, 'grant_type = urn:openid:params:grant-type:ciba')).toBe(1)
    expectSecretsShortened(stdout, 9)
  })

  it('is pinged when the person refuses, too, and exits with 1 (10.2, 11)', async () => {
    const { code, stdout, stderr } = await run(['--mode', 'ping', '--deny'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: [^\n]*access_denied[^\n]*\nwhat to do: [^\n]+\n$/),
    })
    expect(stdout).toContain('→ 204 No Content')
    expect(count(stdout, 'grant_type = ')).toBe(1)
  })
})

describe.skipIf(isServerLeftOut(GLEWLWYD))('npm start -- --mode push', { concurrent: true }, () => {
  it('signs a person in at glewlwyd by a push (CIBA Core §10.3.1)', async () => {
    const { code, stdout, stderr, lastLine } = await run(['--mode', 'push'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(lastLine).toMatch(/^ok: CIBA push: \w+ authenticated by http:\/\/127\.0\.0\.1:\d+\/api\/oidc$/)
    const push = part(stdout, 'The person decides, and the provider pushes the tokens')
    expect(push).toContain('✓ callback.client_notification_token')
    expect(push).toContain('✓ push-callback.backchannel_token_delivery_mode')
    expect(push).toContain('→ 204 No Content')
    const claims = part(stdout, 'The ID Token')
    for (const claim of ['at_hash', 'auth_req_id', 'rt_hash']) {
      expect(claims).toMatch(new RegExp(`${claim} .*✓ push-callback.${claim}-present, push-callback.${claim}\n`))
    }
    expect(stdout).toContain('"name": "Anna Example"')
    // a push client never calls the token endpoint with this grant
    expect(stdout).not.toContain('grant_type = ')
    expectSecretsShortened(stdout, 9)
  })

  it('leaves nothing behind when it is interrupted', async () => {
    const folders = await mkdtemp(join(tmpdir(), 'countersign-interrupted-'))
    const env = { ...process.env, TMPDIR: folders }
    const child = spawn(process.execPath, [PROGRAM, '--mode', 'push'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = endOf(child)
    child.stdout.once('data', () => child.kill('SIGINT'))
    expect((await ended).code).toBe(null)
    expect(await readdir(folders)).toEqual([])
    await rm(folders, { recursive: true })
  })

  it('expires after a refusal, of which glewlwyd pushes nothing, and exits with 1 (10.3.2)', async () => {
    const { code, stdout, stderr } = await run(['--mode', 'push', '--deny'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^error: [^\n]*expired[^\n]*\n$/) })
    expect(stdout).toContain('phone: refused')
    expect(stdout).not.toContain('← POST')
  })
})

it('says in one sentence that push needs glewlwyd where that is missing, and starts nothing', async () => {
  const withoutGlewlwyd = `data:text/javascript,${encodeURIComponent(`
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const { existsSync } = fs
    fs.existsSync = (path) => !String(path).includes('glewlwyd') && existsSync(path)
    syncBuiltinESMExports()
  `)}`
  expect(await run(['--mode', 'push'], ['--import', withoutGlewlwyd])).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'error: push mode needs glewlwyd, the provider that pushes; to install it: ' +
      'apt-get install -y --no-install-recommends glewlwyd sqlite3\n',
  })
})

describe.concurrent('npm start -- --issuer', () => {
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
    // who notices first, the client's clock or the provider with expired_token, is a matter of milliseconds
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^error: [^\n]*expired[^\n]*\n/) })
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
