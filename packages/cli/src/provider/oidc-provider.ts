export type OidcProviderModule = typeof import('oidc-provider')
export type OidcProviderErrors = OidcProviderModule['errors']

/**
 * Imports `oidc-provider` without the line about the runtime that it prints while it is loading.
 *
 * It asks for a newer Node.js than it needs for what is used here. Its other warnings are about settings left at
 * their development defaults; configuration.ts leaves none of those.
 */
export async function loadOidcProvider(): Promise<OidcProviderModule> {
  const { warn } = console
  console.warn = (...parts: unknown[]) => {
    if (!String(parts[0]).startsWith('oidc-provider WARNING: Unsupported runtime')) {
      warn(...parts)
    }
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
