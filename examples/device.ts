// A sign-in on a device without keyboard, such as a television: the person approves on a phone or a computer (RFC 8628).
import * as countersign from 'countersign'

export interface Context {
  readonly issuer: URL
  readonly client: countersign.Client
  /** How the device proves which application it is; most are public clients: `countersign.None()`. */
  readonly clientAuth: countersign.ClientAuth
  /** Shows the person what to do; gives what takes it away again. */
  readonly show: (lines: readonly string[], qrCode: string | undefined) => () => void
  /** For every request; the tests allow requests without TLS to their server on loopback. */
  readonly options?: { readonly signal?: AbortSignal; readonly [countersign.allowInsecureRequests]?: boolean }
}

export async function run({ issuer, client, clientAuth, show, options }: Context): Promise<countersign.IDToken> {
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))

  const sentAt = Date.now()
  const started = await countersign.deviceAuthorizationRequest(as, client, clientAuth, { scope: 'openid' }, options)
  const device = await countersign.processDeviceAuthorizationResponse(as, client, started)

  // RFC 8628 §3.3.1: the code is shown also beside a QR code, so that the person sees that both belong together
  const lines = [`Open ${device.verification_uri}`, `and type ${device.user_code}`]
  const hide = show(lines, device.verification_uri_complete)
  try {
    const { tokens, response } = await countersign.poll(as, client, countersign.deviceTransaction(device, sentAt), {
      clientAuthentication: clientAuth,
      ...options,
    })
    await countersign.validateApplicationLevelSignature(as, response, options)
    const claims = countersign.getValidatedIdTokenClaims(tokens)
    if (claims === undefined) throw new Error('the server sent no ID Token')
    return claims
  } finally {
    hide()
  }
}
