// openid-client runs on this library: npm's `overrides` put the packed tarball in place of the one that it names.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REDIRECT_URI, startTestProvider, type TestProvider } from '../runtimes/provider.ts'
import { canInstall, createProject, type Project } from './scratch.ts'

const reachable = await canInstall('openid-client on the packed tarball')

describe.skipIf(!reachable)('openid-client on the packed tarball', () => {
  let project: Project
  let provider: TestProvider

  beforeAll(async () => {
    provider = await startTestProvider()
    project = await createProject({ 'openid-client': '6.9.0' }, 'oauth4webapi')
  })

  afterAll(async () => {
    await provider.close()
    await project.remove()
  })

  it('has no other library beneath', async () => {
    const manifest: unknown = JSON.parse(await project.read('node_modules/oauth4webapi/package.json'))
    expect(manifest).toMatchObject({ name: 'countersign' })
  })

  it('discovers, and signs in by code, device and CIBA, with nonces and DPoP', async () => {
    const configuration = {
      issuer: provider.issuer,
      person: provider.person,
      clientId: 'ES256',
      clientKey: provider.clientKey('ES256').privateJwk,
      redirectUri: REDIRECT_URI,
    }
    const output = await project.run(['openid-client.mjs'], { variables: { SIGN_IN: JSON.stringify(configuration) } })
    const signedIn = { sub: 'anna', name: 'Anna Example', token_type: 'dpop' }
    expect(
      output
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      { flow: 'code', ...signedIn },
      { flow: 'device', ...signedIn },
      { flow: 'ciba', ...signedIn },
    ])
  })
})
