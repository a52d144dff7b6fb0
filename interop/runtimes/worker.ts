// The same for workerd: `workerd test` calls the test handler and hands it the bindings of workerd.ts.
import type { Configuration } from './program/configuration.ts'
import { runProgram } from './program/program.ts'

interface TestHandler {
  test(controller: unknown, env: { readonly CONFIGURATION: Configuration }): Promise<void>
}

const worker: TestHandler = {
  async test(_controller, env) {
    console.log(JSON.stringify(await runProgram(env.CONFIGURATION)))
  },
}

export default worker
