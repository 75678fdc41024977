import ipaddr from "ipaddr.js";
import type { Learned } from "../../api/index.js";
import { type Field, member, optional, readEntries, readList, readWord } from "../../contracts/json-field.js";
import type { NetavarkNetwork } from "./resources.js";

/** What `create` must leave as it is: podman's own rule, and the subnets, since the addresses that tsd leases are of them. */
const kept = ["name", "id", "driver"] as const;

/** The network as `create` completed it. */
export function readNetwork(reply: Field, sent: NetavarkNetwork["network"]): object {
  for (const key of kept) {
    const field = member(reply, key);
    readWord(field, JSON.stringify(sent[key]), (value) => value === sent[key]);
  }
  const subnets = (field: Field) => optional(member(field, "subnets"), (list) => readList(list, readSubnet)) ?? [];
  const wanted = subnets({ ...reply, value: sent }).join(", ");
  const found = subnets(reply).join(", ");
  if (found === wanted) return reply.value as object;
  throw reply.refuse(`it changed the subnets ${wanted} to ${found || "none"}`, reply.path);
}

function readSubnet(field: Field): string {
  return readCidr(member(field, "subnet"));
}

/** What `setup` says of the interface that was asked for, which must be all that it made. */
export function readStatus(reply: Field, link: string): Learned {
  const interfaces = optional(member(reply, "interfaces"), (map) => readEntries(map, readInterface)) ?? [];
  const [[name, learned] = [link, {}], other] = interfaces;
  const strange = name === link ? other?.[0] : name;
  if (strange === undefined) return learned;
  throw reply.refuse(
    `it reports the interface ${JSON.stringify(strange)}, where ${link} alone was asked for`,
    reply.path,
  );
}

function readInterface(field: Field): Learned {
  const mac = optional(member(field, "mac_address"), readMac);
  const subnets = optional(member(field, "subnets"), (list) =>
    readList(list, (subnet) => readCidr(member(subnet, "ipnet"))),
  );
  return {
    ...(mac === undefined ? {} : { mac }),
    ...(subnets === undefined || subnets.length === 0 ? {} : { addresses: subnets }),
  };
}

/** Empty for an interface that has none. */
function readMac(field: Field): string | undefined {
  if (field.value === "") return undefined;
  return readWord(field, "a MAC address", (text) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)).toLowerCase();
}

/** In the form that tsd writes. */
function readCidr(field: Field): string {
  const text = readWord(field, "a CIDR", (one) => /^[0-9A-Fa-f.:/]+$/.test(one) && ipaddr.isValidCIDR(one));
  const [address, prefix] = ipaddr.parseCIDR(text);
  return `${address}/${prefix}`;
}
