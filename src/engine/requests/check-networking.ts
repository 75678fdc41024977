import { isIP } from "node:net";
import type { ContainerSpec, NetworkAttachment } from "../../api/index.js";
import { isHostname } from "../../contracts/hostname.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerRequest } from "./container-requests.js";
import { driverOf } from "./drivers.js";

import { parseMacAddress } from "./mac-address.js";
import { isIpcParameter } from "./namespace-words.js";
import { networkModeOf } from "./network-mode.js";
import { defaultNetworkName } from "./predefined-networks.js";

type NetworkingParts = Pick<Parts, "store" | "drivers">;

/** Refuses what a container's start would refuse later, as far as it can be known now. */
export function checkNetworking(parts: NetworkingParts, { spec, requests }: ContainerRequest): void {
  for (const { ref } of requests.links) parts.store.containers.resolve(ref);
  for (const server of spec.dns ?? []) requireAddress("--dns", server);
  for (const domain of spec.dnsSearch ?? []) requireWord("--dns-search", domain, "a domain");
  for (const option of spec.dnsOptions ?? []) requireWord("--dns-option", option, "an option of resolv.conf(5)");
  for (const [key, value] of Object.entries(spec.sysctls ?? {})) requireParameter(key, value);
  checkHostname(spec);
  const networkMode = networkModeOf(parts.drivers, spec);
  if (networkMode.namespace === "container") parts.store.containers.resolve(networkMode.target);
  if (networkMode.namespace === "own")
    for (const attachment of networkMode.attachments) checkAttachment(parts, attachment);
}

/** Throws for a network that does not exist, and for values that no network could use. */
export function checkAttachment({ store, drivers }: NetworkingParts, attachment: NetworkAttachment): void {
  const { network: ref, mac, options = {}, gatewayPriority = 0, aliases = [] } = attachment;
  if (mac !== undefined) parseMacAddress(mac);
  for (const alias of aliases) requireHostname("--network-alias", alias);
  if (!Number.isSafeInteger(gatewayPriority)) throw invalid("--gw-priority", String(gatewayPriority), "a whole number");
  // The default network comes with its first container.
  const row = ref === defaultNetworkName ? store.networks.named(ref) : store.networks.resolve(ref);
  const { name } = row?.network ?? { name: ref };
  if (name === defaultNetworkName && aliases.length > 0) throw unheard(aliases, name);
  if (row !== undefined) driverOf(drivers, row.network).parseEndpointOptions(options);
}

/** As docker and podman refuse it: who asks for a name expects that others find it. */
function unheard(aliases: readonly string[], network: string): TsdError {
  const quoted = aliases.map((alias) => `"${alias}"`).join(", ");
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ALIAS_UNHEARD",
    message: `no container would know the alias ${quoted} on network "${network}", where containers know each other by --link alone`,
    hint: "Put both on a network of your own: tsd network create NAME, then --net NAME.",
    details: { aliases, network },
  });
}

/** Throws `invalid-input` for what is no address of a name server. */
export function requireAddress(flag: string, text: string): void {
  if (isIP(text) === 0) throw invalid(flag, text, "an IP address");
}

/** What cannot end its line of resolv.conf(5), nor stand for two. */
function requireWord(flag: string, text: string, expected: string): void {
  if (!/^[!-~]{1,253}$/.test(text)) throw invalid(flag, text, expected);
}

function requireParameter(key: string, value: string): void {
  const isOfNetwork = /^net[./][\w./-]+$/.test(key) && !key.includes("..");
  if (!isOfNetwork && !isIpcParameter(key))
    throw invalid(
      "--sysctl",
      key,
      "a kernel parameter that a container can have of its own: net.…, kernel.shm…, kernel.msg…, kernel.sem or fs.mqueue.…",
    );
  if (!/^[ -~\t]+$/.test(value)) throw invalid("--sysctl", `${key}=${value}`, "a kernel parameter and its value");
}

function checkHostname({ hostname, domainname }: ContainerSpec): void {
  if (hostname !== undefined) requireHostname("--hostname", hostname);
  if (domainname !== undefined) requireHostname("--domainname", domainname);
}

function requireHostname(flag: string, text: string): void {
  if (!isHostname(text)) throw invalid(flag, text, "a host name");
}

function invalid(flag: string, value: string, expected: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NETWORK_WISH",
    message: `${flag} "${value}" is not ${expected}`,
    hint: "Correct it, or leave it out.",
    details: { flag, value },
  });
}
