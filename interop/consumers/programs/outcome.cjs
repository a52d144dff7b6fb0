// A real call with what a loader made of the library: a CIBA request, its answer, and an answer that a rule refuses.

const as = { issuer: 'https://op.example', backchannel_authentication_endpoint: 'https://op.example/ciba' }
const client = { client_id: 'shop' }

async function authenticate(oauth, answer) {
  let body
  const customFetch = async (_url, init) => {
    body = init.body.toString()
    return Response.json(answer)
  }
  const options = { [oauth.customFetch]: customFetch }
  const parameters = { scope: 'openid', login_hint: 'anna' }
  const response = await oauth.backchannelAuthenticationRequest(as, client, oauth.None(), parameters, options)
  const { auth_req_id } = await oauth.processBackchannelAuthenticationResponse(as, client, response)
  return { body, auth_req_id }
}

/** What only works where the cryptography of the runtime was found: a signature by a key that may leave Web Cryptography. */
async function signed(oauth) {
  const { privateKey } = await oauth.generateKeyPair('ES256', { extractable: true })
  const jwt = await oauth.issueRequestObject(as, client, {}, privateKey)
  return jwt.split('.').map((part) => Buffer.from(part, 'base64url').length > 32)
}

/** What was sent and answered; how it was refused; and whether both ways to load the library gave the same one. */
exports.outcomeOf = async (imported, required) => {
  const { body, auth_req_id } = await authenticate(imported, { auth_req_id: '1c266114', expires_in: 60 })
  const error = await authenticate(required, { expires_in: 60 }).catch((thrown) => thrown)
  const differ = Object.keys(imported).filter((name) => imported[name] !== required[name])
  return {
    body,
    auth_req_id,
    refusal: { code: error.code, rule: error.rule, instance: error instanceof imported.OperationProcessingError },
    // of RFC 7636, appendix B
    challenge: await imported.calculatePKCECodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'),
    signed: await signed(imported),
    names: Object.keys(imported).length,
    differ,
  }
}
