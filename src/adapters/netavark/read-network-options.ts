import ipaddr from "ipaddr.js";
import {
  type Field,
  isAbsent,
  member,
  optional,
  readEntries,
  readFlag,
  readInteger,
  readList,
  readText,
  readTexts,
  readWord,
} from "../../contracts/json-field.js";
import { parseInput } from "./parse-input.js";
import type { NetworkOptions, PerNetwork, PodmanNetwork, PodmanSubnet, PortMapping } from "./podman-types.js";

const LAST_PORT = 65_535;
/** Of podman's networks and containers. Files are called so. */
const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text);

/** Reads what podman says of a container. Throws `invalid-input` with the place of what is wrong. */
export function readNetworkOptions(text: string): NetworkOptions {
  const document = parseInput(text);
  const dnsServers = optional(member(document, "dns_servers"), readAddresses);
  return {
    container_id: readWord(member(document, "container_id"), "an id", isName),
    container_name: readText(member(document, "container_name")),
    networks: readNetworks(member(document, "networks")),
    network_info: new Map(readEntries(member(document, "network_info"), readNetwork)),
    port_mappings: optional(member(document, "port_mappings"), (list) => readList(list, readMapping)) ?? [],
    ...(dnsServers === undefined ? {} : { dns_servers: dnsServers }),
  };
}

/** A map by name; since netavark 2 also a list whose elements have names. */
function readNetworks(field: Field): readonly PerNetwork[] {
  if (Array.isArray(field.value)) {
    return readList(field, (one) => readPerNetwork(one, readText(member(one, "name"))));
  }
  const names = readEntries(field, ({ path }) => path).map(([name]) => name);
  return names.map((name) => readPerNetwork(member(field, name), name));
}

function readPerNetwork(field: Field, network: string): PerNetwork {
  const mac = optional(member(field, "static_mac"), readText);
  return {
    name: network,
    interface_name: readText(member(field, "interface_name")),
    static_ips: optional(member(field, "static_ips"), readAddresses) ?? [],
    ...(mac === undefined || mac === "" ? {} : { static_mac: mac }),
    aliases: optional(member(field, "aliases"), (list) => readList(list, readText)) ?? [],
    options: optional(member(field, "options"), readTexts) ?? {},
  };
}

export function readNetwork(field: Field): PodmanNetwork {
  const link = optional(member(field, "network_interface"), readText);
  const routes = member(field, "routes");
  return {
    name: readWord(member(field, "name"), "a name", isName),
    id: readWord(member(field, "id"), "an id", isName),
    driver: readText(member(field, "driver")),
    ...(link === undefined || link === "" ? {} : { network_interface: link }),
    subnets: optional(member(field, "subnets"), (list) => readList(list, readSubnet)) ?? [],
    routes: isAbsent(routes) ? 0 : readList(routes, () => 1).length,
    network_dns_servers: optional(member(field, "network_dns_servers"), readAddresses) ?? [],
    internal: readFlag(member(field, "internal")),
    dns_enabled: readFlag(member(field, "dns_enabled")),
    ipv6_enabled: readFlag(member(field, "ipv6_enabled")),
    labels: optional(member(field, "labels"), readTexts) ?? {},
    options: optional(member(field, "options"), readTexts) ?? {},
    ipam_options: optional(member(field, "ipam_options"), readTexts) ?? {},
  };
}

function readSubnet(field: Field): PodmanSubnet {
  const gateway = optional(member(field, "gateway"), readText);
  return {
    subnet: readCidr(member(field, "subnet")),
    ...(gateway === undefined || gateway === "" ? {} : { gateway }),
  };
}

export function readCidr(field: Field): string {
  return readWord(field, "a CIDR", (text) => ipaddr.isValidCIDR(text) && /^[0-9A-Fa-f.:/]+$/.test(text));
}

function readMapping(field: Field): PortMapping {
  return {
    host_ip: readText(member(field, "host_ip")),
    host_port: readInteger(member(field, "host_port"), 1, LAST_PORT),
    container_port: readInteger(member(field, "container_port"), 1, LAST_PORT),
    range: readInteger(member(field, "range"), 0, LAST_PORT),
    protocol: readText(member(field, "protocol")),
  };
}

/** Without zones. */
function readAddresses(field: Field): readonly string[] {
  return readList(field, (one) =>
    readWord(one, "an address", (text) => ipaddr.isValid(text) && /^[0-9A-Fa-f.:]+$/.test(text)),
  );
}
