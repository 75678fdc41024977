import type { RawOptions } from "../../api/index.js";
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

/** One pool of a network (`IPAMData` of moby's daemon/libnetwork/driverapi). */
interface Pool {
  readonly subnet: string;
  /** Without prefix length. */
  readonly gateway?: string;
  readonly auxiliary: RawOptions;
}

/** `NetworkDriver.CreateNetwork`; see moby's daemon/libnetwork/drivers/remote/api. */
export interface NetworkRequest {
  readonly id: string;
  readonly pools: readonly Pool[];
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly internal: boolean;
  /** `docker network create -o`. */
  readonly options: RawOptions;
}

/** What all calls about an endpoint name. */
export interface EndpointRef {
  readonly networkId: string;
  readonly endpointId: string;
}

/** `NetworkDriver.CreateEndpoint`. */
export interface EndpointRequest extends EndpointRef {
  /** With prefix lengths. */
  readonly address?: string;
  readonly address6?: string;
  readonly mac?: string;
  /** `--driver-opt`. */
  readonly options: RawOptions;
}

/** One of `-p`. */
export interface PortMapping {
  /** As IANA numbers it. */
  readonly protocol: number;
  readonly port: number;
  readonly hostAddress: string;
  /** 0: any. */
  readonly hostPort: number;
  readonly hostPortEnd: number;
}

const LAST_PORT = 65_535;
/** Prefix of docker's own options, which are no driver's. */
const OWN = "com.docker.network.";

export function readNetworkRequest(body: Field): NetworkRequest {
  const options = member(body, "Options");
  const own = (name: string): Field => ownOption(options, name);
  const generic = own("generic");
  const ipv4 = optional(own("enable_ipv4"), readFlag);
  const ipv6 = optional(own("enable_ipv6"), readFlag);
  return {
    id: readId(member(body, "NetworkID")),
    pools: ["IPv4Data", "IPv6Data"].flatMap((name) => optional(member(body, name), readPools) ?? []),
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    internal: optional(own("internal"), readFlag) ?? false,
    options: optional(generic, readTexts) ?? {},
  };
}

export function readNetworkId(body: Field): string {
  return readId(member(body, "NetworkID"));
}

export function readEndpointRef(body: Field): EndpointRef {
  return { networkId: readNetworkId(body), endpointId: readId(member(body, "EndpointID")) };
}

export function readEndpointRequest(body: Field): EndpointRequest {
  const asked = member(body, "Interface");
  const value = (name: string): string | undefined =>
    optional(asked, () =>
      given(member(asked, name), (field) => readWord(field, "an address", matching(/^[0-9A-Fa-f.:/]+$/))),
    );
  const [address, address6, mac] = [value("Address"), value("AddressIPv6"), value("MacAddress")];
  return {
    ...readEndpointRef(body),
    ...(address === undefined ? {} : { address }),
    ...(address6 === undefined ? {} : { address6 }),
    ...(mac === undefined ? {} : { mac }),
    options: Object.fromEntries(optional(member(body, "Options"), driverOptions) ?? []),
  };
}

export function readSandbox(body: Field): string | undefined {
  return given(member(body, "SandboxKey"), (field) => readWord(field, "an absolute path", matching(/^\/[^\0]*$/)));
}

/** `Options` of `ProgramExternalConnectivity`, those of the container. */
export function readPortMappings(body: Field): readonly PortMapping[] {
  return optional(ownOption(member(body, "Options"), "portmap"), (field) => readList(field, readMapping)) ?? [];
}

/** Go writes a text that is not set as `""`. */
function given<T>(field: Field, read: (field: Field) => T): T | undefined {
  return field.value === "" ? undefined : optional(field, read);
}

/** Absent where there are no options at all. */
function ownOption(options: Field, name: string): Field {
  return isAbsent(options) ? options : member(options, `${OWN}${name}`);
}

/** docker keeps its own by names that begin alike, and does with them what it has to itself. */
function driverOptions(field: Field): readonly (readonly [string, string])[] {
  return readEntries(field, (option) => option).flatMap(([name, option]) =>
    name.startsWith(OWN) ? [] : [[name, readText(option)] as const],
  );
}

function readPools(field: Field): readonly Pool[] {
  return readList(field, (pool) => {
    const subnet = readCidr(member(pool, "Pool"));
    const gateway = given(member(pool, "Gateway"), readCidr);
    const auxiliary = optional(member(pool, "AuxAddresses"), (all) => readEntries(all, readCidr)) ?? [];
    return {
      subnet,
      ...(gateway === undefined ? {} : { gateway: withoutPrefix(gateway) }),
      auxiliary: Object.fromEntries(auxiliary.map(([name, address]) => [name, withoutPrefix(address)])),
    };
  });
}

function readMapping(field: Field): PortMapping {
  const hostPort = optional(member(field, "HostPort"), readPort) ?? 0;
  return {
    protocol: readInteger(member(field, "Proto"), 0, 255),
    port: readPort(member(field, "Port")),
    hostAddress:
      given(member(field, "HostIP"), (one) => readWord(one, "an address", matching(/^[0-9A-Fa-f.:]+$/))) ?? "",
    hostPort,
    hostPortEnd: optional(member(field, "HostPortEnd"), readPort) ?? hostPort,
  };
}

function matching(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text);
}

function readPort(field: Field): number {
  return readInteger(field, 0, LAST_PORT);
}

function readCidr(field: Field): string {
  return readWord(field, "an address with a prefix length", matching(/^[0-9A-Fa-f.:]+\/\d{1,3}$/));
}

function readId(field: Field): string {
  return readWord(field, "an id of 64 hexadecimal digits", matching(/^[0-9a-f]{64}$/));
}

function withoutPrefix(address: string): string {
  return address.split("/", 1)[0] ?? "";
}
