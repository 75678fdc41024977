import {
  type AddressProposal,
  familyOf,
  type IpamDriver,
  type Pool,
  type PoolProposal,
  type RawOptions,
  TsdError,
  withoutPrefix,
} from "../../api/index.js";
import { confOf } from "./conf-options.js";
import { requireLeases } from "./plugin-roles.js";
import { refusedForAddresses } from "./refused-options.js";
import type { JsonObject } from "./resources.js";
import { PATH_OPTION, requirePlugin, searchPath } from "./search-path.js";

/** Calls a plug-in for addresses; behind an import, since few networks need it. */
export interface AddressCalls {
  add(lease: Lease): Promise<readonly string[]>;
  del(lease: Omit<Lease, "address">): Promise<void>;
}

export interface Lease {
  readonly type: string;
  readonly path: readonly string[];
  /** In CNI's sense, one for each pool. */
  readonly network: string;
  readonly holder: string;
  readonly ipam: JsonObject;
  /** With prefix length: the one that is asked for. */
  readonly address?: string;
}

/** Subnets in which no address is ever leased (RFC 5737, RFC 3849): host-local releases nothing unless it is given one. */
const nowhere = [
  [4, "192.0.2.0/24"],
  [6, "2001:db8::/64"],
] as const;

/** A plug-in of CNI that leases addresses, such as host-local. The user names the subnet, since none of them chooses one. */
export class AddressDriver implements IpamDriver {
  readonly name: string;

  constructor(
    private readonly type: string,
    private readonly machine: {
      readonly variable: string | undefined;
      readonly calls: () => Promise<AddressCalls>;
    },
  ) {
    this.name = `cni:${type}`;
  }

  parseOptions(raw: RawOptions): RawOptions {
    requireLeases(this.type);
    if (this.type === "dhcp") throw needsNamespace();
    const { [PATH_OPTION]: option, ...others } = raw;
    confOf(others, refusedForAddresses);
    const path = searchPath(option, this.machine.variable);
    requirePlugin(this.type, path);
    return { ...others, [PATH_OPTION]: path.join(":") };
  }

  async proposePool({ family, subnet, gateway, range, auxiliary }: PoolProposal): Promise<Pool> {
    if (subnet === undefined) throw noSubnet(this.type, family);
    return {
      ...(await withGateway(subnet, gateway)),
      ...(range === undefined ? {} : { range }),
      ...(auxiliary === undefined ? {} : { auxiliary }),
    };
  }

  releasePool(): void {}

  async proposeAddress({ networkId, pool, options, holder, address }: AddressProposal): Promise<string> {
    const { cidr, gateway, range } = pool;
    const family = familyOf(cidr);
    if (this.type === "static" && address === undefined) throw needsAddress(family);
    const calls = await this.machine.calls();
    const ipam = { subnet: cidr, gateway, ...(range === undefined ? {} : await boundsOf(range)) };
    const lease = this.leaseOf(family, { networkId, options, holder }, ipam);
    const asked = address === undefined ? {} : { address: `${address}/${cidr.split("/")[1]}` };
    const given = await calls.add({ ...lease, ...asked });
    const found = given.find((one) => familyOf(one) === family);
    if (found === undefined) throw gaveNone(this.type, family);
    return withoutPrefix(found);
  }

  async releaseAddress(lease: Pick<AddressProposal, "networkId" | "options" | "holder">): Promise<void> {
    requireLeases(this.type);
    const calls = await this.machine.calls();
    for (const [family, subnet] of nowhere) await calls.del(this.leaseOf(family, lease, { subnet }));
  }

  private leaseOf(
    family: 4 | 6,
    { networkId, options, holder }: Pick<AddressProposal, "networkId" | "options" | "holder">,
    ipam: JsonObject,
  ): Lease {
    const { [PATH_OPTION]: option, ...others } = options;
    return {
      type: this.type,
      path: searchPath(option, this.machine.variable),
      // Plug-ins lease one address to a holder on a network.
      network: `${networkId.slice(0, 12)}-ipv${family}`,
      holder,
      ipam: { ...confOf(others, refusedForAddresses), ...ipam, type: this.type },
    };
  }
}

/** Host bits of the subnet name the gateway, and otherwise it is the first address. */
async function withGateway(subnet: string, gateway: string | undefined): Promise<Pick<Pool, "cidr" | "gateway">> {
  const { default: ipaddr } = await import("ipaddr.js");
  const family = familyOf(subnet) === 4 ? ipaddr.IPv4 : ipaddr.IPv6;
  const first = family.networkAddressFromCIDR(subnet).toByteArray();
  const cidr = `${ipaddr.fromByteArray(first)}/${subnet.split("/")[1]}`;
  const given = ipaddr.fromByteArray(ipaddr.parse(withoutPrefix(subnet)).toByteArray()).toString();
  if (gateway !== undefined || given !== withoutPrefix(cidr)) return { cidr, gateway: gateway ?? given };
  return { cidr, gateway: ipaddr.fromByteArray([...first.slice(0, -1), (first.at(-1) ?? 0) | 1]).toString() };
}

/** The first and the last address of a range. */
async function boundsOf(range: string): Promise<JsonObject> {
  const { default: ipaddr } = await import("ipaddr.js");
  const family = familyOf(range) === 4 ? ipaddr.IPv4 : ipaddr.IPv6;
  const rangeStart = family.networkAddressFromCIDR(range).toString();
  if (familyOf(range) === 6) return { rangeStart };
  return { rangeStart, rangeEnd: ipaddr.IPv4.broadcastAddressFromCIDR(range).toString() };
}

function noSubnet(type: string, family: number): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_SUBNET",
    message: `the CNI plug-in "${type}" leases addresses of a subnet that it is given, and chooses no IPv${family} subnet itself`,
    hint: "Name one: --subnet 10.10.0.0/24",
    details: { type },
  });
}

function needsNamespace(): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_CNI_DHCP",
    message:
      'the CNI plug-in "dhcp" leases an address through the container\'s own interface, which does not exist yet when tsd needs one',
    hint: 'Name it in a list of plug-ins, as the "ipam" of the one that makes the interface: --driver cni -o conflist=FILE',
  });
}

function needsAddress(family: 4 | 6): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_STATIC",
    message: `the CNI plug-in "static" chooses no IPv${family} address, and gives what it is asked for`,
    hint: `Name one: ${family === 4 ? "--ip" : "--ip6"} ADDRESS`,
  });
}

function gaveNone(type: string, family: number): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_CNI_NO_ADDRESS",
    message: `CNI plug-in "${type}", verb ADD: it gave no IPv${family} address`,
    hint: "Look at its options: --ipam-opt KEY=VALUE.",
  });
}
