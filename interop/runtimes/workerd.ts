import type { SignInConfiguration } from './sign-in.ts'

/** A workerd configuration whose one worker is the module beside it, and may send requests to this machine only. */
export function workerConfiguration(module: string, configuration: SignInConfiguration): string {
  const binding = JSON.stringify(configuration)
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "sign-in", worker = .signIn),
    (name = "loopback", network = (allow = ["local"])),
  ],
);

const signIn :Workerd.Worker = (
  modules = [(name = "${module}", esModule = embed "${module}")],
  bindings = [(name = "SIGN_IN", json = ${JSON.stringify(binding)})],
  compatibilityDate = "2026-11-01",
  globalOutbound = "loopback",
);
`
}
