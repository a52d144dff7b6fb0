/** Form parameters and JSON members whose value lets its holder act as someone. */
const SECRETS = new Set([
  'access_token',
  'auth_req_id',
  'client_assertion',
  'client_notification_token',
  'client_secret',
  'id_token',
  'refresh_token',
  'registration_access_token',
  'request',
  'user_code',
  'urn:openid:params:jwt:claim:auth_req_id',
])

/** Whether the value of a parameter with this name must not be shown whole. */
export function isSecret(name: string): boolean {
  return SECRETS.has(name)
}

/** The first eight characters and the length: enough to recognise it, not enough to use it. */
export function shortened(secret: string): string {
  return `${secret.slice(0, 8)}… (${secret.length} characters)`
}
