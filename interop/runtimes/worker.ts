// The same for workerd: `workerd test` calls the test handler and hands it the bindings of workerd.ts.
import { signIn, type SignInConfiguration } from './sign-in.ts'

interface TestHandler {
  test(controller: unknown, env: { readonly SIGN_IN: SignInConfiguration }): Promise<void>
}

const worker: TestHandler = {
  test: (_controller, env) =>
    signIn(env.SIGN_IN, (line) => {
      console.log(JSON.stringify(line))
    }),
}

export default worker
