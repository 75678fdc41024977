import type { Endpoint, PortBinding } from "../../api/index.js";
import { TsdError } from "../../api/index.js";
import { confOf } from "./conf-options.js";
import { isCapable } from "./plugin-input.js";
import { refusedForEndpoints } from "./refused-options.js";
import type { CniList, JsonObject } from "./resources.js";

/** Those that the convention has and that tsd does not fill in itself (CONVENTIONS.md, "Dynamic Plugin specific fields"). */
const optional = ["aliases", "bandwidth", "cgroupPath", "deviceID", "dns", "infinibandGUID", "ipRanges", "ips"];

/** Reads what `--driver-opt` says: values of capabilities, nested by dots. Throws `invalid-input` for another. */
export function readCapabilities(options: Readonly<Record<string, string>>): JsonObject {
  const values = confOf(options, refusedForEndpoints);
  const unknown = Object.keys(values).find((name) => !optional.includes(name));
  if (unknown === undefined) return values;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_CAPABILITY",
    message: `"${unknown}" is no capability of CNI's plug-ins`,
    hint: `Use one of: ${optional.join(", ")}, with dots for what is within: bandwidth.ingressRate=1000000`,
    details: { capability: unknown },
  });
}

/** All of an endpoint's values by capability. Throws `unsupported` for one that is asked for and that no plug-in of the list has. */
export function capabilitiesOf(
  list: CniList,
  { mac, ports }: Pick<Endpoint, "mac" | "ports">,
  asked: JsonObject,
): JsonObject {
  const needed = { ...asked, ...(ports.length === 0 ? {} : { portMappings: ports.flatMap(mappingsOf) }) };
  const missing = Object.keys(needed).find((name) => !isCapable(list, name));
  if (missing === undefined) return { mac, ...needed };
  const [port] = ports;
  const what = missing === "portMappings" ? `port ${port?.hostPort} cannot be published` : `${missing} cannot be set`;
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_CNI_INCAPABLE",
    message: `${what}: no plug-in of the CNI network "${list.name}" has the capability "${missing}"`,
    hint: `Add one to the list that has it (portmap for ports), with "capabilities":{"${missing}":true}; or leave that out.`,
    details: { capability: missing, plugins: list.plugins.map(({ type }) => type) },
  });
}

/** The convention has no ranges. */
function mappingsOf({ protocol, hostAddress, hostPort, containerPort, count }: PortBinding): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    hostPort: hostPort + index,
    containerPort: containerPort + index,
    protocol,
    ...(hostAddress === undefined ? {} : { hostIP: hostAddress }),
  }));
}
