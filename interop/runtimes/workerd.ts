import type { Configuration } from './program/configuration.ts'

/** A workerd configuration whose one worker is the module beside it, and may send requests to this machine only. */
export function workerConfiguration(module: string, configuration: Configuration): string {
  const binding = JSON.stringify(configuration)
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "program", worker = .program),
    (name = "loopback", network = (allow = ["local"])),
  ],
);

const program :Workerd.Worker = (
  modules = [(name = "${module}", esModule = embed "${module}")],
  bindings = [(name = "CONFIGURATION", json = ${JSON.stringify(binding)})],
  compatibilityDate = "2026-11-01",
  globalOutbound = "loopback",
);
`
}
