import type { NetworkAttachment } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { parsePriority } from "./flag-values.js";
import { parseNetworkFlag } from "./network-flag.js";
import { optional } from "./optional.js";

/** Flags that say how a container is to be on one network. */
export interface EndpointFlags {
  readonly ip?: string | undefined;
  readonly ip6?: string | undefined;
  readonly "mac-address"?: string | undefined;
  readonly "gw-priority"?: string | undefined;
}

interface AttachmentFlags extends EndpointFlags {
  readonly network?: readonly string[] | undefined;
  readonly "network-alias"?: readonly string[] | undefined;
}

/** The flag for each thing that one network after `--network` may say too. */
const flagOf: Readonly<Partial<Record<keyof NetworkAttachment, string>>> = {
  address: "--ip",
  address6: "--ip6",
  mac: "--mac-address",
  gatewayPriority: "--gw-priority",
  aliases: "--network-alias",
};

/** The networks that `run` asks for. As in docker, the flags beside `--network` say how to be on the first of them. */
export function readAttachments(flags: AttachmentFlags): readonly NetworkAttachment[] {
  const named = (flags.network ?? []).map(parseNetworkFlag);
  refuseRepeated(named.map(({ network }) => network));
  const requested = { ...readEndpointFlags(flags), ...optional("aliases", flags["network-alias"]) };
  if (Object.keys(requested).length === 0) return named;
  const [first = { network: "bridge" }, ...others] = named;
  refuseBoth(first, requested);
  return [{ ...first, ...requested }, ...others];
}

/** What the flags of one endpoint say, those left out left out. */
export function readEndpointFlags(flags: EndpointFlags): Omit<NetworkAttachment, "network"> {
  const priority = flags["gw-priority"];
  return {
    ...optional("address", flags.ip),
    ...optional("address6", flags.ip6),
    ...optional("mac", flags["mac-address"]),
    ...optional("gatewayPriority", priority === undefined ? undefined : parsePriority(priority)),
  };
}

function refuseRepeated(networks: readonly string[]): void {
  const repeated = networks.find((network, index) => networks.indexOf(network) !== index);
  if (repeated === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NETWORK_REPEATED",
    message: `network "${repeated}" is named twice`,
    hint: "Name each network once; docker's form takes several options: name=web,alias=a,alias=b.",
    details: { network: repeated },
  });
}

function refuseBoth(first: NetworkAttachment, requested: Omit<NetworkAttachment, "network">): void {
  const both = Object.keys(requested).find((key) => Object.hasOwn(first, key)) as keyof NetworkAttachment | undefined;
  if (both === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_TWICE",
    message: `${flagOf[both]} was given both by itself and in --network for "${first.network}"`,
    hint: "Keep one of them.",
    details: { flag: flagOf[both], network: first.network },
  });
}
