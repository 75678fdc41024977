import { familyOf } from "../api/address-family.js";
import type { Allow, NatIntent, Publish } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { NetlinkMessage } from "../kernel/netlink/message.js";
import { MessageBatch } from "../kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../kernel/netlink/netlink-socket.js";
import { NETLINK_NETFILTER } from "../kernel/netlink/protocol.js";
import {
  type FlowFilter,
  IPS_DST_NAT,
  IPS_SRC_NAT,
  isForKernel,
  writeFlowDeletion,
  writeFlowDump,
} from "./flow-filter.js";
import { decodeFlow, fits, writeExactDeletion } from "./tracked-flow.js";

/** IANA's number. */
const UDP = 17;
/** Each filter makes the kernel walk the whole table of flows: more ports than this are dealt with in one walk. */
const MAX_PORTS = 8;

/**
 * Makes the kernel forget UDP flows for which a change comes too late: what becomes of a flow is decided by its first
 * packet, and a client that keeps sending from one port keeps its flow alive for ever. TCP needs none of this, as its
 * connections end. Best effort: kernels before 5.8 cannot filter, and keep flows of IPv4 until they fall silent.
 */
export class StaleFlows implements Disposable {
  private socket: NetlinkSocket | undefined;

  /** Flows to ports that lead to a container from now on. */
  forgetUntranslated(intents: readonly NatIntent[]): void {
    this.forget(udpPublications(intents).flatMap(untranslated));
  }

  /** Flows to containers whose ports are no longer published. */
  forgetTranslated(intents: readonly NatIntent[]): void {
    const status = { mask: IPS_DST_NAT, value: IPS_DST_NAT };
    this.forgetEach(udpPublications(intents).map(({ containerAddress }) => toContainer(containerAddress, status)));
  }

  /** Flows to containers whose ports may no longer be called: a packet filter lets a flow go on that it once let begin. */
  forgetAllowed(intents: readonly NatIntent[]): void {
    const withdrawn = intents.filter((intent) => intent.kind === "allow").filter(isUdp);
    this.forgetEach(withdrawn.map(({ address }) => toContainer(address, { mask: IPS_DST_NAT, value: 0 })));
  }

  [Symbol.dispose](): void {
    this.socket?.close();
    this.socket = undefined;
  }

  /** Once for each container. */
  private forgetEach(filters: readonly FlowFilter[]): void {
    this.forget([...new Map(filters.map((filter) => [filter.responder, filter])).values()]);
  }

  private forget(filters: readonly FlowFilter[]): void {
    if (filters.length === 0) return;
    const batch = new MessageBatch();
    for (const filter of filters) {
      if (isForKernel(filter)) writeFlowDeletion(batch, filter);
      else this.writeDeletions(batch, filter);
    }
    this.open().exchange(batch, { what: () => `forget ${filters.length} kinds of tracked flows` });
  }

  /** A request for each flow. */
  private writeDeletions(batch: MessageBatch, filter: FlowFilter): void {
    for (const message of this.list(filter)) {
      const flow = decodeFlow(message);
      if (flow !== undefined && fits(flow, filter)) writeExactDeletion(batch, flow);
    }
  }

  /** Nothing where the kernel tracks no flows. */
  private list(filter: FlowFilter): readonly NetlinkMessage[] {
    const request = new MessageBatch();
    writeFlowDump(request, filter);
    try {
      return this.open().dump(request, "tracked flows");
    } catch (error) {
      if (TsdError.is(error, "kernel")) return [];
      throw error;
    }
  }

  private open(): NetlinkSocket {
    if (this.socket === undefined || !this.socket.isOpen) this.socket = new NetlinkSocket(NETLINK_NETFILTER);
    return this.socket;
  }
}

function udpPublications(intents: readonly NatIntent[]): readonly Publish[] {
  return intents.filter((intent) => intent.kind === "publish").filter(isUdp);
}

function isUdp({ protocol }: Publish | Allow): boolean {
  return protocol === "udp";
}

/** Flows of masqueraded containers to the same port elsewhere must live on, or they would miss their replies. */
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

/** Whatever port of the container they lead to: a flow to one that stays open begins again with its next packet. */
function toContainer(responder: string, status: FlowFilter["status"]): FlowFilter {
  return { family: familyOf(responder), protocol: UDP, responder, status };
}
