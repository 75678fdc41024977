import type { AddressRequest, LeaseTable, PoolRange, PoolRow } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { formatAddress, parseAddress } from "./address.js";
import { countAddresses, explainUnusable, parseCidr, usableAddresses } from "./cidr.js";

type PoolReference = Pick<AddressRequest, "networkId" | "cidr">;

/**
 * A lease stays known after its return, so that other addresses are taken first. Past so many addresses, returned ones
 * are preferred to fresh ones, else an IPv6 pool would grow by a row with every container for ever.
 */
const FRESH_FIRST = 65_536n;

/**
 * Decides on the next address: in rising order from a frontier that never goes back, then what was given back longest
 * ago. Either is a step or two through an index, whatever the size of the pool. Throws `exhausted`.
 */
export function takeNext(leases: LeaseTable, { networkId, cidr }: PoolReference): bigint {
  const pool = leases.pool(networkId, cidr);
  if (pool === undefined) throw missingPool({ networkId, cidr });
  const used = pool.ranges.reduce((sum, { first, next }) => sum + next - first, 0n);
  const fresh = (): bigint | undefined => moveFrontiers(leases, pool);
  const returned = (): bigint | undefined => leases.oldestReturned(networkId, cidr);
  const address = used < FRESH_FIRST ? (fresh() ?? returned()) : (returned() ?? fresh());
  if (address === undefined) throw exhausted(pool);
  return address;
}

/** Checks a particular address and returns it as a number. Throws `invalid-input`, or `conflict` naming its holder. */
export function checkParticular(leases: LeaseTable, { networkId, cidr }: PoolReference, text: string): bigint {
  const subnet = parseCidr(cidr, "subnet").cidr;
  const address = parseAddress(text, "address");
  const shown = formatAddress(address);
  const why = explainUnusable(subnet, address);
  if (why !== undefined) {
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_ADDRESS_OUTSIDE",
      message: `address ${shown} is ${why} subnet ${cidr}`,
      hint: "Give an address inside the subnet, or none to get a free one.",
      details: { address: shown, cidr, networkId },
    });
  }
  const holder = leases.lease(networkId, cidr, address.value)?.holder;
  if (holder === undefined) return address.value;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_ADDRESS_TAKEN",
    message: `address ${shown} is ${describeHolder(networkId, holder)}`,
    hint: "Give another address, or none to get a free one.",
    details: { address: shown, cidr, networkId, holder },
  });
}

/** The first address of a range that was never leased. */
function moveFrontiers(leases: LeaseTable, { ranges, ...pool }: PoolRow): bigint | undefined {
  for (const range of ranges) {
    const found = moveFrontier(leases, pool, range);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Passes over addresses that were asked for by name before their turn: each of them once in the life of the pool. */
function moveFrontier(
  leases: LeaseTable,
  { networkId, cidr }: PoolReference,
  { first, last, next }: PoolRange,
): bigint | undefined {
  let address = next;
  while (address <= last && leases.lease(networkId, cidr, address) !== undefined) address++;
  const found = address <= last;
  const frontier = found ? address + 1n : address;
  if (frontier !== next) leases.advance(networkId, cidr, { first, next: frontier });
  return found ? address : undefined;
}

/** Who holds an auxiliary address. A network holds its own: the gateway by its id alone, these with their names. */
export function auxiliaryHolder(networkId: string, name: string): string {
  return `${networkId}/${name}`;
}

/** What an address of the network's pools is to its holder, in words that follow "address … is". */
function describeHolder(networkId: string, holder: string): string {
  if (holder === networkId) return "the gateway";
  const auxiliary = auxiliaryHolder(networkId, "");
  if (holder.startsWith(auxiliary)) return `reserved as "${holder.slice(auxiliary.length)}"`;
  return `held by ${holder.slice(0, 12)}`;
}

function exhausted({ networkId, cidr, ranges }: PoolRow): TsdError {
  const size = ranges.reduce((sum, range) => sum + countAddresses(range), 0n);
  return new TsdError({
    kind: "exhausted",
    code: "TSD_ADDRESS_NONE_FREE",
    message: `all ${size} addresses ${rangeWords(cidr, ranges)} are in use`,
    hint: "Stop a container of that network, or make a network with a larger subnet.",
    details: { networkId, cidr, size: Number(size) },
  });
}

/** Where addresses are from, in words: `of CIDR`, `from FIRST to LAST and from FIRST to LAST in CIDR`. */
function rangeWords(cidr: string, ranges: readonly PoolRange[]): string {
  const subnet = parseCidr(cidr, "subnet").cidr;
  const whole = usableAddresses(subnet);
  if (ranges.every(({ first, last }) => first === whole.first && last === whole.last)) return `of ${cidr}`;
  const { family } = subnet;
  const words = ranges.map((range) => {
    const [from, to] = [range.first, range.last].map((value) => formatAddress({ family, value }));
    return `from ${from} to ${to}`;
  });
  return `${words.join(" and ")} in ${cidr}`;
}

/** The engine asks for pools that it got from this driver, so that one without a row was lost. */
function missingPool({ networkId, cidr }: PoolReference): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_POOL_NOT_FOUND",
    message: `subnet ${cidr} has no record of its addresses`,
    hint: "Remove the network and make it again.",
    details: { networkId, cidr },
  });
}
