import type { Extension } from "../../api/index.js";
import type { Vocabulary } from "../returned/read-resources.js";
import { GuardedBackend } from "./guarded-backend.js";
import { GuardedDriver } from "./guarded-driver.js";
import { GuardedIpam } from "./guarded-ipam.js";
import { GuardedLinkKind } from "./guarded-link-kind.js";
import { GuardedProvider } from "./guarded-provider.js";
import type { PluginCalls } from "./plugin-calls.js";

/** The same extension, whose verbs are called by `calls`, and what they return is read. */
export function guardExtension(extension: Extension, calls: PluginCalls, vocabulary: Vocabulary): Extension {
  const { name, apiVersion, drivers = [], natBackends = [], ipam = [], providers = [], linkKinds = [] } = extension;
  return {
    name,
    apiVersion,
    drivers: drivers.map((driver) => new GuardedDriver(driver, calls, vocabulary)),
    natBackends: natBackends.map((backend) => new GuardedBackend(backend, calls)),
    ipam: ipam.map((driver) => new GuardedIpam(driver, calls)),
    providers: providers.map((provider) => new GuardedProvider(provider, calls)),
    linkKinds: linkKinds.map((kind) => new GuardedLinkKind(kind, calls)),
  };
}
