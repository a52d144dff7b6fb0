export { GLEWLWYD, type Glewlwyd, type GlewlwydClient, LOGIN_HINT, PERSON, SCOPE, startGlewlwyd } from './glewlwyd.ts'
export { assertInstalled, isInstalled, type PackagedServer, setupOf } from './packaged.ts'
export { type Command, freePort, startProgram } from './program.ts'
export { createSession } from './session.ts'
