// What a platform cannot do of what the others can, with the reason. The tests hold it both ways: what is not here works,
// and what is here is refused as it says here.

export interface Limit {
  /** A runtime or browser by the name of its tests. */
  readonly platforms: readonly string[]
  readonly algorithms: readonly string[]
  /** What the platform answers. */
  readonly error: { readonly name: string }
  readonly reason: string
}

const ML_DSA = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']

export const LIMITS: readonly Limit[] = [
  {
    platforms: ['Node 20', 'Node 22', 'workerd', 'Chromium', 'Firefox', 'WebKit'],
    algorithms: ML_DSA,
    error: { name: 'NotSupportedError' },
    reason: 'its Web Cryptography does not have ML-DSA; Node has it from version 24 on',
  },
]

export function cannot(platform: string, algorithm: string): Limit | undefined {
  return LIMITS.find(({ platforms, algorithms }) => platforms.includes(platform) && algorithms.includes(algorithm))
}
