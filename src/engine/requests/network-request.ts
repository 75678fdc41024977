import type { NetworkDriver, NetworkIpam, NetworkSpec, RawOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Drivers } from "../contracts/drivers.js";
import type { IpamDrivers } from "../contracts/ipam-drivers.js";
import { requireAddress } from "./check-networking.js";
import { requireDriver } from "./drivers.js";
import { parseIpam } from "./ipam-request.js";
import { type SubnetRequest, subnetRequests } from "./subnet-request.js";

/** What a user asks for, and what the words in it mean. */
export interface NetworkRequest {
  readonly spec: NetworkSpec;
  readonly driver: NetworkDriver;
  /** As the driver reads them. */
  readonly options: RawOptions;
  /** Empty where the driver needs no addresses. */
  readonly subnets: readonly SubnetRequest[];
  /** Undefined: tsd's own table. */
  readonly ipam: NetworkIpam | undefined;
}

/** Reads a user's words about one network. Throws `invalid-input`. */
export function parseNetwork(
  { drivers, ipam: ipamDrivers }: { readonly drivers: Drivers; readonly ipam: IpamDrivers },
  spec: NetworkSpec,
): NetworkRequest {
  const driver = requireDriver(drivers, spec.driver ?? "bridge");
  if (driver.capabilities.singleton) throw refuseSingleton(driver.type);
  const options = driver.parseOptions(spec.options ?? {});
  checkDns(spec);
  const ipam = parseIpam(ipamDrivers, spec);
  if (driver.capabilities.spansHosts) {
    refuseRanges(driver.type, spec, ipam);
    refuseZones(driver.type, spec);
  }
  if (driver.capabilities.needsIpam) return { spec, driver, options, ipam, subnets: subnetRequests(spec) };
  if (ipam !== undefined) throw noAddresses(driver.type, ipam);
  refuseAddressing(driver.type, spec);
  return { spec, driver, options, ipam, subnets: [] };
}

function checkDns({ dns = [], disableDns }: NetworkSpec): void {
  for (const server of dns) requireAddress("--dns", server);
  if (dns.length === 0 || !disableDns) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NETWORK_DNS",
    message: `name server ${dns[0]} was given, and --disable-dns leaves the network without the resolver that would ask it`,
    hint: "Leave out the one or the other.",
    details: { dns },
  });
}

function noAddresses(driver: string, ipam: NetworkIpam): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IPAM_NEEDLESS",
    message: `networks of driver "${driver}" have no addresses that IPAM driver "${ipam.driver}" could choose`,
    hint: "Leave out --ipam-driver.",
    details: { driver, ipam: ipam.driver },
  });
}

/** What hosts have of a subnet that they share is a matter of the cluster. */
function refuseRanges(
  driver: string,
  { ranges = [], auxiliary = {} }: NetworkSpec,
  ipam: NetworkIpam | undefined,
): void {
  const given = [
    ...ranges.map((range) => `range ${range}`),
    ...Object.entries(auxiliary).map(([name, address]) => `auxiliary address ${name}=${address}`),
    ...(ipam === undefined ? [] : [`IPAM driver "${ipam.driver}"`]),
  ];
  if (given.length === 0) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_SPANNING_RANGE",
    message: `${given[0]} was given, and hosts claim the addresses of a network of driver "${driver}" by blocks of its subnet`,
    hint: "Leave it out; -o block=PREFIX sets the size of the blocks.",
    details: { driver, given },
  });
}

/** A zone names a link of this host. */
function refuseZones(driver: string, { dns = [] }: NetworkSpec): void {
  const server = dns.find((one) => one.includes("%"));
  if (server === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NETWORK_DNS",
    message: `name server ${server} was given, whose zone is a link of this host, and a network of driver "${driver}" has the same name servers on all hosts`,
    hint: "Give an address without a zone.",
    details: { driver, server },
  });
}

function refuseAddressing(driver: string, { subnets, gateways, ranges, auxiliary, ipv4, ipv6 }: NetworkSpec): void {
  const named = [
    ...(subnets ?? []).map((subnet) => `subnet ${subnet}`),
    ...(gateways ?? []).map((gateway) => `gateway ${gateway}`),
    ...(ranges ?? []).map((range) => `range ${range}`),
    ...Object.entries(auxiliary ?? {}).map(([name, address]) => `auxiliary address ${name}=${address}`),
    ...(ipv4 === false ? ["--ipv4=false"] : []),
    ...(ipv6 === true ? ["--ipv6"] : []),
  ];
  if (named.length === 0) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_ADDRESSING_NEEDLESS",
    message: `${named[0]} was given, and tsd chooses no addresses on networks of driver "${driver}"`,
    hint: "Leave it out; what the driver itself is told decides on addresses.",
    details: { driver, given: named },
  });
}

function refuseSingleton(driver: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_DRIVER_SINGLETON",
    message: `there is one network of driver "${driver}" only, and it exists already`,
    hint: `Use it as it is: tsd run --net ${driver}`,
    details: { driver },
  });
}
