import type { NatIntent, Publish } from "../api/index.js";
import { MessageBatch } from "../kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../kernel/netlink/netlink-socket.js";
import { NETLINK_NETFILTER } from "../kernel/netlink/protocol.js";
import { type FlowFilter, IPS_DST_NAT, IPS_SRC_NAT, writeFlowDeletion } from "./flow-filter.js";

/** IANA's number. */
const UDP = 17;
/** Each filter makes the kernel walk the whole table of flows: more ports than this are dealt with in one walk. */
const MAX_PORTS = 8;

/**
 * Makes the kernel forget UDP flows for which a change of publications comes too late: translation is decided by a
 * flow's first packet, and a client that keeps sending from one port keeps its flow alive for ever. TCP needs none of
 * this, as its connections end. Best effort: kernels before 5.8 cannot filter, and keep such flows until they fall silent.
 */
export class StaleFlows implements Disposable {
  private socket: NetlinkSocket | undefined;

  /** Flows to ports that lead to a container from now on. */
  forgetUntranslated(intents: readonly NatIntent[]): void {
    this.forget(udpPublications(intents).flatMap(untranslated));
  }

  /** Flows to containers whose ports are no longer published. */
  forgetTranslated(intents: readonly NatIntent[]): void {
    const filters = udpPublications(intents).map(translated);
    this.forget([...new Map(filters.map((filter) => [filter.responder, filter])).values()]);
  }

  [Symbol.dispose](): void {
    this.socket?.close();
    this.socket = undefined;
  }

  private forget(filters: readonly FlowFilter[]): void {
    if (filters.length === 0) return;
    const batch = new MessageBatch();
    for (const filter of filters) writeFlowDeletion(batch, filter);
    if (this.socket === undefined || !this.socket.isOpen) this.socket = new NetlinkSocket(NETLINK_NETFILTER);
    this.socket.exchange(batch);
  }
}

function udpPublications(intents: readonly NatIntent[]): readonly Publish[] {
  return intents.filter((intent) => intent.kind === "publish").filter(({ protocol }) => protocol === "udp");
}

/** Flows of masqueraded containers to the same port elsewhere must live on, or they would miss their answers. */
function untranslated({ hostAddress, hostPort, containerAddress, count }: Publish): readonly FlowFilter[] {
  const where = { family: familyOf(containerAddress), protocol: UDP };
  const address = hostAddress === undefined || /^[0.:]+$/.test(hostAddress) ? {} : { address: hostAddress };
  if (count > MAX_PORTS) {
    return [{ ...where, destination: address, status: { mask: IPS_SRC_NAT | IPS_DST_NAT, value: 0 } }];
  }
  return Array.from({ length: count }, (_, index) => ({
    ...where,
    destination: { ...address, port: hostPort + index },
    status: { mask: IPS_SRC_NAT, value: 0 },
  }));
}

/** Whatever port of the container they lead to: a flow to one that stays published begins anew with its next packet. */
function translated({ containerAddress }: Publish): FlowFilter {
  const status = { mask: IPS_DST_NAT, value: IPS_DST_NAT };
  return { family: familyOf(containerAddress), protocol: UDP, responder: containerAddress, status };
}

function familyOf(address: string): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}
