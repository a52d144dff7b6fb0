import * as oauth4webapi from 'oauth4webapi'

/** Something that a page loads: some names of a package, and whatever they need. */
export interface Program {
  readonly name: string
  readonly package: 'countersign' | 'oauth4webapi' | 'openid-client'
  /** All of them where it is absent. */
  readonly exports?: readonly string[]
}

/** What all programs of oauth4webapi may use of it: this library has the same. */
const SHARED = Object.keys(oauth4webapi)

const BACKCHANNEL = [
  'backchannelAuthenticationRequest',
  'processBackchannelAuthenticationResponse',
  'backchannelAuthenticationGrantRequest',
  'processBackchannelAuthenticationGrantResponse',
]

const ACCESS_TOKEN = ['validateJwtAccessToken']

/** What is held against oauth4webapi, under the same name for both. */
export const COMPARED: readonly (readonly [name: string, exports: readonly string[]])[] = [
  [`oauth4webapi's ${SHARED.length} names`, SHARED],
  ['the four backchannel functions', BACKCHANNEL],
  ['validateJwtAccessToken', ACCESS_TOKEN],
]

const POLL_FLOW = [
  'discoveryRequest',
  'processDiscoveryResponse',
  'PrivateKeyJwt',
  'backchannelAuthenticationRequest',
  'processBackchannelAuthenticationResponse',
  'cibaTransaction',
  'poll',
  'validateApplicationLevelSignature',
  'getValidatedIdTokenClaims',
]

const OPENID_CLIENT_POLL_FLOW = [
  'discovery',
  'PrivateKeyJwt',
  'initiateBackchannelAuthentication',
  'pollBackchannelAuthenticationGrant',
]

export const PROGRAMS: readonly Program[] = [
  ...COMPARED.flatMap(([name, exports]): Program[] => [
    { name, package: 'countersign', exports },
    { name, package: 'oauth4webapi', exports },
  ]),
  { name: 'a CIBA sign-in by polling', package: 'countersign', exports: POLL_FLOW },
  { name: 'a CIBA sign-in by polling', package: 'openid-client', exports: OPENID_CLIENT_POLL_FLOW },
  { name: 'all of it', package: 'countersign' },
  { name: 'all of it', package: 'openid-client' },
]

/** The lines of such a program. */
export function sourceOf({ package: from, exports }: Program): string {
  return `export ${exports === undefined ? '*' : `{ ${exports.join(', ')} }`} from '${from}'`
}
