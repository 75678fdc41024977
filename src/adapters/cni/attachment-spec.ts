import { type AttachSpec, familyOf, withoutPrefix } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Call } from "./call.js";
import { readCniArgs } from "./cni-args.js";
import { attachmentLabels, type Config } from "./config.js";
import { endpointId } from "./endpoint-id.js";
import { invalidConfig } from "./errors.js";
import { publishedPorts } from "./port-mappings.js";
import { shown } from "./shown.js";

/**
 * What the runtime asks for one attachment. Capabilities beat `args`, and both beat `CNI_ARGS` (CONVENTIONS.md). `leased` are
 * the addresses that the plug-in for addresses gave.
 */
export function attachmentSpec(config: Config, call: Call, leased: readonly string[] | undefined): AttachSpec {
  const runtimeConfig = config.fields.object("runtimeConfig");
  if (runtimeConfig?.values.bandwidth !== undefined) throw unsupported("bandwidth", runtimeConfig.values.bandwidth);
  const generic = config.fields.object("args")?.object("cni");
  const { ip, mac: macOfArgs } = readCniArgs(call.args);
  const asked = runtimeConfig?.strings("ips") ?? generic?.strings("ips") ?? (ip === undefined ? [] : [ip]);
  const addresses = leased ?? asked.map(withoutPrefix);
  const mac = runtimeConfig?.string("mac") ?? generic?.string("mac") ?? macOfArgs;
  const [address, address6] = [theOnly(addresses, 4), theOnly(addresses, 6)];
  return {
    id: endpointId({ network: config.name, containerId: call.containerId, ifname: call.ifname }),
    labels: attachmentLabels(config, call),
    network: config.network,
    netns: call.netns,
    interface: call.ifname,
    ...(address === undefined ? {} : { address }),
    ...(address6 === undefined ? {} : { address6 }),
    ...(mac === undefined ? {} : { mac }),
    publish: publishedPorts(runtimeConfig),
  };
}

function theOnly(addresses: readonly string[], family: 4 | 6): string | undefined {
  const [only, other] = addresses.filter((address) => familyOf(address) === family);
  if (other === undefined) return only;
  throw invalidConfig(
    `two IPv${family} addresses were given, ${shown(only)} and ${shown(other)}`,
    "Give one of each family at most: an endpoint of tsd has no more.",
  );
}

function unsupported(capability: string, value: unknown): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_FIELD",
    message: `the field "runtimeConfig.${capability}" with the value ${shown(value)} is not supported`,
    hint: `Add CNI's own plug-in "${capability}" after tsd to the list, with that capability.`,
  });
}
