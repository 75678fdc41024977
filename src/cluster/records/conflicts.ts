import type { HostRecord, NetworkRecord } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { RECORDS_VERSION } from "./values.js";

/** Each names what is taken and who has it. `cluster` is the cluster's name. */

export function hostTaken(cluster: string, name: string, { address, joined }: HostRecord): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_HOST_TAKEN",
    message: `cluster ${cluster} has another host ${name}, which joined from ${address} at ${joined}`,
    hint: `Join under another name with --name, or, if that host is gone for good, give it up: tsd cluster rm ${name}`,
    details: { cluster, name, address, joined },
  });
}

export function otherVersion(cluster: string, place: string, version: number): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_CLUSTER_VERSION",
    message: `cluster ${cluster} in ${place} has records of version ${version}, and this tsd has version ${RECORDS_VERSION}`,
    hint: "Install the version of tsd that its other hosts have: tsd version",
    details: { cluster, version },
  });
}

export function addressTaken(cluster: string, address: string, holder: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_ADDRESS_TAKEN",
    message: `host ${holder} of cluster ${cluster} has the address ${address}`,
    hint: `Name another address with --address, or, if that host is gone for good, give it up: tsd cluster rm ${holder}`,
    details: { cluster, address, holder },
  });
}

export function hostLeaving(cluster: string, name: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_HOST_LEAVING",
    message: `host ${name} is being removed from cluster ${cluster}`,
    hint: `Finish that, and join again: tsd cluster rm ${name}`,
    details: { cluster, name },
  });
}

/** This host's record is gone or another host's: nothing is claimed for it any more. */
export function hostReplaced(cluster: string, name: string, found?: HostRecord): TsdError {
  const now =
    found === undefined
      ? "was removed from it"
      : `is another one now, which joined from ${found.address} at ${found.joined}`;
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_HOST_REPLACED",
    message: `this host is no longer in cluster ${cluster}: host ${name} ${now}`,
    hint: "Leave the cluster and join it again: tsd cluster leave --force, then tsd cluster join",
    details: { cluster, name, ...(found === undefined ? {} : { address: found.address, joined: found.joined }) },
  });
}

export function hostAbsent(cluster: string, name: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_CLUSTER_HOST_NOT_FOUND",
    message: `cluster ${cluster} has no host ${name}`,
    hint: "List its hosts: tsd cluster ls",
    details: { cluster, name },
  });
}

export function hostAlive(cluster: string, name: string, { address }: HostRecord): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_HOST_ALIVE",
    message: `host ${name} of cluster ${cluster} is alive at ${address}`,
    hint: `Have it leave by itself: tsd cluster leave. Or give it up with its containers' addresses: tsd cluster rm --force ${name}`,
    details: { cluster, name, address },
  });
}

export function networkTaken(cluster: string, name: string, { subnets, created, vni }: NetworkRecord): TsdError {
  const cidrs = subnets.map(({ cidr }) => cidr).join(", ");
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_NETWORK_TAKEN",
    message: `cluster ${cluster} has a network ${name} already, with ${cidrs} and VNI ${vni}, created at ${created}`,
    hint: `Use it: tsd run --net ${name}. Or choose another name.`,
    details: { cluster, name, subnets: subnets.map(({ cidr }) => cidr), vni, created },
  });
}

export function subnetTaken(
  cluster: string,
  cidr: string,
  holder: { readonly name: string; readonly cidr: string },
): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_SUBNET_TAKEN",
    message: `subnet ${cidr} overlaps ${holder.cidr} of network ${holder.name} in cluster ${cluster}`,
    hint: "Choose another subnet with --subnet.",
    details: { cluster, subnet: cidr, holder: holder.name, overlaps: holder.cidr },
  });
}

export function vniTaken(cluster: string, vni: number, holder: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_VNI_TAKEN",
    message: `network ${holder} of cluster ${cluster} has the VNI ${vni}`,
    hint: "Choose another with -o vni=NUMBER, or leave the option away.",
    details: { cluster, vni, holder },
  });
}

export function networkAbsent(cluster: string, name: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_CLUSTER_NETWORK_NOT_FOUND",
    message: `cluster ${cluster} has no network ${name}`,
    hint: "List its networks: tsd cluster inspect",
    details: { cluster, name },
  });
}

export function networkUsed(cluster: string, name: string, hosts: readonly string[]): TsdError {
  const shown = hosts.slice(0, 5).join(", ") + (hosts.length > 5 ? ` and ${hosts.length - 5} more` : "");
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_NETWORK_USED",
    message: `network ${name} of cluster ${cluster} is used by containers on ${shown}`,
    hint: "Remove the containers there, or disconnect them from the network, then try again.",
    details: { cluster, name, hosts },
  });
}

export function blocksExhausted(network: string, cidr: string, blockPrefix: number, holders: number): TsdError {
  return new TsdError({
    kind: "exhausted",
    code: "TSD_CLUSTER_BLOCKS_EXHAUSTED",
    message: `network ${network} has no free /${blockPrefix} of ${cidr} left: ${holders} hosts have them all`,
    hint: "Give up hosts that are gone for good: tsd cluster ls, tsd cluster rm HOST. Or create a network with smaller blocks: -o block=PREFIX",
    details: { network, cidr, blockPrefix, holders },
  });
}

/** An address outside of this host's blocks that another host has. */
export function addressHeld(network: string, address: string, holder: string, block?: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_ADDRESS_HELD",
    message: `host ${holder} has the address ${address} of network ${network}${block === undefined ? "" : `, in its block ${block}`}`,
    hint: "Choose another address, or start the container on that host.",
    details: { network, address, holder, block },
  });
}

export function tooManyRaces(place: string, what: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_BUSY",
    message: `${what} failed, since other hosts changed the same records of ${place} each time`,
    hint: "Try again in a moment.",
    details: { place },
  });
}
