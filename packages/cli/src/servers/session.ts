// As much of a browser as the pages of a server need: it keeps cookies, and follows nothing by itself.

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Session {
  fetch(url: string | URL, init?: RequestInit): Promise<Response>
}

export function createSession(send: Fetch = fetch): Session {
  const jar = new Map<string, string>()
  return {
    async fetch(url, init = {}) {
      const headers = new Headers(init.headers)
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
      const response = await send(String(url), { redirect: 'manual', ...init, headers })
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (name !== undefined && value !== undefined) jar.set(name, value)
      }
      return response
    },
  }
}
