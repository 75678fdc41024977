import ipaddr from "ipaddr.js";
import { interfaceOption, type Learned, type Network, type Subnet } from "../../api/index.js";
import { linkLocalRange, specialRanges } from "../../contracts/special-ranges.js";
import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What an interface may be: others are told where it is, and take it for the one that it says. */
export interface Place {
  readonly network: Pick<Network, "id" | "name" | "driver" | "subnets">;
  /** Those that the endpoint has by its row, with prefix length: what tsd leased is among them. */
  readonly planned: readonly string[];
  /** Who has the address, in words; undefined for nobody. */
  readonly holderOf: (address: string) => string | undefined;
}

const MOST_ADDRESSES = 16;

/**
 * What a plug-in reports of an interface, with addresses in the one form of each (RFC 5952). Throws `plugin` for what no
 * interface on the network can be, and for what another has.
 */
export function checkLearned(learned: Learned, place: Place): Learned {
  const { interface: name, mac, addresses } = learned;
  if (name !== undefined && !interfaceOption.valid(name, "interface"))
    throw refused(place, `interface ${quoted(name)}`, `is not ${interfaceOption.expected}`);
  if (mac !== undefined && !isStation(mac))
    throw refused(place, `MAC address ${quoted(mac)}`, "is not that of an interface");
  return addresses === undefined ? learned : { ...learned, addresses: checkAddresses(addresses, place) };
}

function checkAddresses(addresses: readonly string[], place: Place): readonly string[] {
  if (addresses.length > MOST_ADDRESSES)
    throw refused(place, `${addresses.length} addresses`, `are more than ${MOST_ADDRESSES}`);
  const read = addresses.map((text) => {
    const cidr = readCidr(text);
    const fault = cidr === undefined ? "is no IP address with prefix length" : faultOf(cidr, place);
    if (cidr === undefined || fault !== undefined) throw refused(place, `address ${quoted(text)}`, fault ?? "");
    return cidr;
  });
  for (const leased of place.planned.flatMap((text) => readCidr(text) ?? [])) {
    const isReported = read.some(({ address }) => isSame(address, leased.address));
    if (subnetAround(leased, place) === undefined || isReported) continue;
    throw refused(
      place,
      read.length === 0 ? "no address" : `address ${format(read[0])}`,
      `is not ${format(leased)}, which tsd leased`,
    );
  }
  return read.map(format);
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

interface Cidr {
  readonly address: Address;
  readonly length: number;
}

function faultOf(cidr: Cidr, place: Place): string | undefined {
  const { address } = cidr;
  const { network, planned, holderOf } = place;
  const special = [...specialRanges, linkLocalRange].find(([range]) => isIn(address, range));
  if (special !== undefined) return `is of ${special[0]} (${special[1]})`;
  const subnet = subnetAround(cidr, place);
  const ofFamily = network.subnets.filter((one) => readCidr(one.cidr)?.address.kind() === address.kind());
  if (subnet === undefined && ofFamily.length > 0)
    return `is outside of ${ofFamily.map((one) => one.cidr).join(" and ")}`;
  const end = endOf(cidr);
  if (end !== undefined) return end;
  const holder = holderOf(bare(address));
  if (holder !== undefined) return `belongs to ${holder}`;
  const isLeased = planned.some((text) => isSame(address, readCidr(text)?.address));
  return subnet === undefined || isLeased ? undefined : "is not the one that tsd leased";
}

/** What no interface of a subnet has: its first address, and the last of IPv4. Subnets of two addresses have neither (RFC 3021). */
function endOf({ address, length }: Cidr): string | undefined {
  const text = `${bare(address)}/${length}`;
  if (address.kind() === "ipv6") {
    const isFirst = length < 127 && isSame(address, ipaddr.IPv6.networkAddressFromCIDR(text));
    return isFirst ? "is the routers' address of its subnet" : undefined;
  }
  if (length > 30) return undefined;
  if (isSame(address, ipaddr.IPv4.networkAddressFromCIDR(text))) return "is the network address of its subnet";
  return isSame(address, ipaddr.IPv4.broadcastAddressFromCIDR(text))
    ? "is the broadcast address of its subnet"
    : undefined;
}

function subnetAround({ address }: Cidr, { network }: Place): Subnet | undefined {
  return network.subnets.find(({ cidr }) => isIn(address, cidr));
}

/** Without zone, leading zeros, or an IPv4 address in an IPv6 one. */
function readCidr(text: string): Cidr | undefined {
  const [, bareText = "", length] = /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const isFour = ipaddr.IPv4.isValidFourPartDecimal(bareText);
  if (!isFour && !ipaddr.IPv6.isValid(bareText)) return undefined;
  const address = ipaddr.parse(bareText);
  if (address.range() === "ipv4Mapped" || Number(length) > (isFour ? 32 : 128)) return undefined;
  return { address, length: Number(length) };
}

function isIn(address: Address, cidr: string): boolean {
  const [network, length] = ipaddr.parseCIDR(cidr);
  return network.kind() === address.kind() && address.match(network, length);
}

function isSame(one: Address, other: Address | undefined): boolean {
  return one.toString() === other?.toString();
}

/** As {@link familyOf} and other programs write it. */
function bare(address: Address): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

function format(cidr: Cidr | undefined): string {
  return cidr === undefined ? "" : `${bare(cidr.address)}/${cidr.length}`;
}

/** Neither a group's nor all zero (IEEE 802). */
function isStation(mac: string): boolean {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac) && !/^.[13579bdf]|^(00:){5}00$/i.test(mac);
}

function quoted(text: string): string {
  return `"${printable(text.length > 80 ? `${text.slice(0, 80)}…` : text)}"`;
}

function refused({ network: { name, driver, id } }: Place, what: string, why: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_LEARNED_REFUSED",
    message: `driver "${driver}" of network "${name}" reports ${what} for an endpoint, which ${why}`,
    hint: "Report this to the author of the plug-in.",
    details: { network: id, driver },
  });
}
