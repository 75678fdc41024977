import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Container, Network, NetworkAttachment, NetworkIpam } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";
import { isClaimed } from "../rows/cluster-notes.js";
import { endpointUser } from "../rows/endpoint-user.js";
import { newId } from "../rows/identifiers.js";
import { networkIdOf } from "../rows/network-id.js";
import { proposedAddresses } from "./address-proposals.js";
import { addressClaim, blockClaim, isOwn } from "./cluster-place.js";
import type { Answer, Proposed } from "./proposed.js";
import { refuseProposal } from "./refused-proposal.js";

type LeaseParts = Pick<Parts, "store" | "addressBook">;

export interface LeaseRequest {
  /** The endpoint's; undefined: a new one. */
  readonly id: string | undefined;
  readonly attachment: NetworkAttachment;
  /** The one whose namespace it is: keeps particular addresses from one run to the next. */
  readonly container: Pick<Container, "id" | "name"> | undefined;
  readonly proposed: Proposed;
}

interface Leases {
  /** The endpoint's, which an IPAM driver knows already. */
  readonly id: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

/** Draws an endpoint's id, unless it has one, and leases it an address of each subnet, in the caller's transaction. */
export function leaseAddresses(parts: LeaseParts, network: Network, request: LeaseRequest): Leases {
  refuseMissingFamily(network, request.attachment);
  const { ipam } = network;
  if (ipam === undefined) {
    const { id = newId() } = request;
    const addresses = network.subnets.map(({ cidr }) => {
      const leased = orAnotherBlock(parts, network, { ...request, cidr }, () =>
        leaseAddress(parts, network, { ...request, id, cidr }),
      );
      requireHeld(parts, network, { address: withoutPrefix(leased), proposed: request.proposed });
      return leased;
    });
    return { id, addresses };
  }
  const answer = askedAddresses(parts, { ...network, ipam }, request);
  parts.store.debts.delete(answer.holder);
  const addresses = network.subnets.map(({ cidr }, index) => {
    const proposal = answer.proposals[index] as string | undefined;
    const one = { ...request, id: answer.holder, cidr };
    if (proposal === undefined) return leaseAddress(parts, network, one);
    return refuseProposal({ ipam, verb: "proposeAddress" }, () => leaseAddress(parts, network, { ...one, proposal }));
  });
  return { id: answer.holder, addresses };
}

interface ClusterLease extends Pick<LeaseRequest, "attachment" | "proposed"> {
  readonly cidr: string;
}

/** An address outside of this host's blocks, which is a particular one, is to be held in the cluster. */
function requireHeld(
  { store }: LeaseParts,
  network: Network,
  { address, proposed }: { readonly address: string; readonly proposed: Proposed },
): void {
  if (isOwn(network, address)) return;
  const claim = addressClaim(network, address);
  if (!isClaimed(store, claim.note)) proposed.requireClaim(claim);
}

/** Where all addresses of this host's blocks are in use, another block is to be claimed. */
function orAnotherBlock<T>(
  parts: LeaseParts,
  network: Network,
  { attachment, proposed, cidr }: ClusterLease,
  lease: () => T,
): T {
  try {
    return lease();
  } catch (error) {
    const isFull = TsdError.is(error, "exhausted") && addressFor(attachment, cidr) === undefined;
    if (isFull && network.cluster !== undefined) proposed.requireClaim(blockClaim(parts, network, cidr));
    throw error;
  }
}

function askedAddresses(
  parts: LeaseParts,
  network: Network & { readonly ipam: NetworkIpam },
  { id: holder = newId(), attachment, container, proposed }: LeaseRequest,
): Answer {
  const wanted = (cidr: string): string | undefined => addressFor(attachment, cidr);
  return proposedAddresses(parts, network, {
    ...{ proposed, holder, wanted, mac: attachment.mac, container },
    // What the user asks for is tsd's to check before anybody is asked; the transaction is rolled back.
    check: (cidr) => leaseAddress(parts, network, { attachment, container, id: holder, cidr }),
  });
}

interface OneLease extends Pick<LeaseRequest, "attachment" | "container"> {
  readonly id: string;
  readonly cidr: string;
  readonly proposal?: string;
}

function leaseAddress(parts: LeaseParts, network: Network, { attachment, container, id, cidr, proposal }: OneLease) {
  const proposed = proposal === undefined ? {} : { proposed: proposal };
  const address = addressFor(attachment, cidr);
  if (address === undefined) return requestAddress(parts, network, { cidr, holder: id, ...proposed });
  if (container === undefined) return requestAddress(parts, network, { cidr, address, holder: id, ...proposed });
  return reserveAddress(parts, network, { cidr, address, holder: container.id, ...proposed });
}

/**
 * Leases the particular addresses that a container asks for, so that no other container takes them while it does not run.
 */
export function reserveAddresses(parts: LeaseParts, { id, spec }: Container): void {
  for (const attachment of spec.networks ?? []) {
    if (attachment.address === undefined && attachment.address6 === undefined) continue;
    // It is made at the start of its first container, and then for all that ask for an address.
    if (attachment.network === defaultNetworkName && networkIdOf(parts.store, defaultNetworkName) === undefined)
      continue;
    const { network } = parts.store.networks.resolve(attachment.network);
    reserveRequested(parts, network, { attachment, holder: id });
  }
}

/**
 * Leases the particular addresses that containers ask of a new network by its name, since it is not the first of that name
 * or is made at the first start. What does not fit the network is for their own start to refuse.
 */
export function reserveForNamesakes(parts: LeaseParts, network: Network): void {
  for (const { id, container } of parts.store.containers.askingOf(network.name))
    for (const attachment of container.spec.networks ?? []) {
      if (attachment.network !== network.name) continue;
      try {
        reserveRequested(parts, network, { attachment, holder: id });
      } catch (error) {
        if (!TsdError.is(error, "invalid-input") && !TsdError.is(error, "conflict")) throw error;
      }
    }
}

function reserveRequested(
  parts: LeaseParts,
  network: Network,
  { attachment, holder }: { readonly attachment: NetworkAttachment; readonly holder: string },
): void {
  refuseMissingFamily(network, attachment);
  for (const { cidr } of network.subnets) {
    const address = addressFor(attachment, cidr);
    if (address !== undefined) reserveAddress(parts, network, { cidr, address, holder });
  }
}

/** Leases to endpoints themselves what a container held for them that is removed while others live on its network. */
export function keepLeases(parts: LeaseParts, endpoints: readonly EndpointRow[]): void {
  for (const { id, endpoint } of endpoints) {
    const network = parts.store.networks.get(endpoint.networkId)?.network;
    for (const [index, { cidr }] of (network?.subnets ?? []).entries()) {
      const address = endpoint.addresses[index]?.split("/")[0];
      if (network !== undefined && address !== undefined) reserveAddress(parts, network, { cidr, address, holder: id });
    }
  }
}

/** Leases exactly the particular addresses that a container asks for now, after its networks changed. */
export function renewReservations(parts: LeaseParts, container: Container): void {
  const { store, addressBook } = parts;
  const exists = ({ network }: NetworkAttachment): boolean => networkIdOf(store, network) !== undefined;
  const networks = (container.spec.networks ?? []).filter(exists);
  addressBook.releaseAddresses(container.id);
  reserveAddresses(parts, { ...container, spec: { ...container.spec, networks } });
}

interface HolderRequest {
  readonly cidr: string;
  readonly address?: string;
  readonly holder: string;
  readonly proposed?: string;
}

/** As {@link requestAddress}, for an address that the holder may have already. */
function reserveAddress(
  parts: LeaseParts,
  network: Network,
  requested: HolderRequest & { readonly address: string },
): string {
  try {
    return requestAddress(parts, network, requested);
  } catch (error) {
    if (!TsdError.is(error) || error.details.holder !== requested.holder) throw error;
    return `${String(error.details.address)}/${requested.cidr.split("/")[1]}`;
  }
}

function requestAddress({ store, addressBook }: LeaseParts, network: Network, requested: HolderRequest): string {
  try {
    return addressBook.requestAddress({ networkId: network.id, ...requested });
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    const { kind, code, message, hint, details } = error;
    const user = holderName(store, details.holder);
    throw new TsdError({
      kind,
      code,
      message: `network "${network.name}": ${user === undefined ? message : `address ${String(details.address)} belongs to ${user}`}`,
      ...(hint === undefined ? {} : { hint }),
      details,
      cause: error,
    });
  }
}

/** The container that reserved it, or the user of the endpoint that has it; undefined if IPAM's own message is better. */
function holderName(store: LeaseParts["store"], holder: unknown): string | undefined {
  if (typeof holder !== "string") return undefined;
  const container = store.containers.get(holder)?.container;
  if (container !== undefined) return `container "${container.name}"`;
  const endpoint = store.endpoints.get(holder);
  return endpoint === undefined ? undefined : endpointUser(store, endpoint);
}

function addressFor({ address, address6 }: NetworkAttachment, cidr: string): string | undefined {
  return familyOf(cidr) === 6 ? address6 : address;
}

function refuseMissingFamily(network: Network, { address, address6 }: NetworkAttachment): void {
  const families = network.subnets.map(({ cidr }) => familyOf(cidr));
  const [requested, family] = address !== undefined && !families.includes(4) ? [address, 4] : [address6, 6];
  if (requested === undefined || families.includes(family as 4 | 6)) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_ADDRESS_FAMILY",
    message: `network "${network.name}" has no IPv${family} subnet for address ${requested}`,
    hint:
      network.subnets.length === 0
        ? `Leave the address out: driver "${network.driver}" decides on addresses.`
        : `Choose an address in ${network.subnets.map(({ cidr }) => cidr).join(" or ")}, or make a network with such a subnet.`,
    details: { network: network.id, address: requested },
  });
}
