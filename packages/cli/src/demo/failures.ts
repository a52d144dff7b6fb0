/** Something that ends the demo and that one sentence explains. */
export class DemoFailure extends Error {
  override readonly name: string = 'DemoFailure'
  readonly exitCode: number

  constructor(sentence: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(sentence, options)
    this.exitCode = options.exitCode ?? 1
  }
}

/** The server was not reached, or broke off, or did not answer in time: the same request may succeed later. */
export class Unreachable extends DemoFailure {
  override readonly name = 'Unreachable'
}

/** The server answered 503: the same request may succeed after `retryAfter` seconds (CIBA Core §10.1). */
export class Busy extends DemoFailure {
  override readonly name = 'Busy'
  readonly retryAfter: number

  constructor(response: Response) {
    super('the provider is too busy (503)')
    this.retryAfter = retryAfterOf(response)
  }
}

export function refuseBusy(response: Response): void {
  if (response.status === 503) {
    throw new Busy(response)
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterOf(response: Response): number {
  const retryAfter = response.headers.get('retry-after') ?? '0'
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return Number.isNaN(seconds) ? 0 : Math.max(0, seconds)
}
