// The same for workerd: `workerd test` calls the test handler and gives it the bindings of worker.capnp.
import { signIn, type SignInConfiguration } from './sign-in.ts'

const worker: { test(controller: unknown, env: { readonly SIGN_IN: SignInConfiguration }): Promise<void> } = {
  async test(_controller, env) {
    console.log(JSON.stringify(await signIn(env.SIGN_IN)))
  },
}

export default worker
