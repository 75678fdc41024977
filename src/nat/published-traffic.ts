import type { PortBinding, PortTraffic } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { Attributes } from "../kernel/netlink/attributes.js";
import type { NetlinkMessage } from "../kernel/netlink/message.js";
import { MessageBatch } from "../kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../kernel/netlink/netlink-socket.js";
import { NETLINK_NETFILTER, NFGENMSG_LENGTH } from "../kernel/netlink/protocol.js";
import { addressBytes } from "./address-bytes.js";
import {
  CT_GET,
  CTA_COUNTERS_BYTES,
  CTA_COUNTERS_ORIG,
  CTA_COUNTERS_REPLY,
  CTA_STATUS,
  CTA_STATUS_MASK,
  flowHeader,
} from "./ctnetlink.js";
import { IPS_DST_NAT } from "./flow-filter.js";
import { decodeFlow, type TrackedFlow } from "./tracked-flow.js";

/** IANA's numbers. */
const protocols: Readonly<Record<PortBinding["protocol"], number>> = { tcp: 6, udp: 17, sctp: 132 };

/** What went through a binding that leads to these addresses; one entry for each port. */
type CountPort = (binding: PortBinding, addresses: readonly string[]) => readonly PortTraffic[];

/** A flow and the bytes of its two directions. */
interface CountedFlow extends TrackedFlow {
  readonly there: number | undefined;
  readonly back: number | undefined;
}

/**
 * What went through published ports, summed over the flows that the kernel tracks. The rules themselves count nothing: a counter
 * for each port would be a cost for each packet.
 */
export const publishedTraffic = {
  count: (): CountPort => countWith(([4, 6] as const).flatMap(listTranslated)),
};

/** By a list of flows. Of a range, ports without a connection are left out. */
export function countWith(flows: readonly CountedFlow[]): CountPort {
  const byPort = Map.groupBy(flows, ({ protocol, destination }) => `${protocol} ${destination.port}`);
  return (binding, addresses) => {
    const own = addresses.map((address) => Buffer.from(addressBytes(address.split("/", 1)[0] ?? "")));
    return Array.from({ length: binding.count }, (_, index) => index).flatMap((index) => {
      const through = (byPort.get(`${protocols[binding.protocol]} ${binding.hostPort + index}`) ?? []).filter(
        (flow) => isFor(binding, flow) && own.some((address) => address.equals(flow.responder)),
      );
      return through.length === 0 && binding.count > 1 ? [] : [sum(binding, index, through)];
    });
  };
}

function isFor({ hostAddress }: PortBinding, { destination }: TrackedFlow): boolean {
  if (hostAddress === undefined || /^[0.:]+$/.test(hostAddress)) return true;
  return destination.address.equals(Uint8Array.from(addressBytes(hostAddress)));
}

function sum(
  { protocol, hostAddress, hostPort, containerPort }: PortBinding,
  index: number,
  flows: readonly CountedFlow[],
): PortTraffic {
  const isCounted = flows.every(({ there, back }) => there !== undefined && back !== undefined);
  const total = (read: (flow: CountedFlow) => number | undefined) =>
    flows.reduce((all, flow) => all + (read(flow) ?? 0), 0);
  return {
    protocol,
    ...(hostAddress === undefined ? {} : { hostIp: hostAddress }),
    hostPort: hostPort + index,
    containerPort: containerPort + index,
    connections: flows.length,
    ...(isCounted ? { received: total(({ there }) => there), sent: total(({ back }) => back) } : {}),
  };
}

/** Flows with a translated destination; kernels before 5.19 list all. None where the kernel tracks no flows. */
function listTranslated(family: 4 | 6): readonly CountedFlow[] {
  const request = new MessageBatch();
  request.begin(CT_GET, 0, flowHeader(family)).u32be(CTA_STATUS, IPS_DST_NAT).u32be(CTA_STATUS_MASK, IPS_DST_NAT);
  const socket = new NetlinkSocket(NETLINK_NETFILTER);
  try {
    return socket.dump(request, "tracked flows").flatMap(decodeCounted);
  } catch (error) {
    if (TsdError.is(error, "kernel")) return [];
    throw error;
  } finally {
    socket.close();
  }
}

function decodeCounted(message: NetlinkMessage): readonly CountedFlow[] {
  const flow = decodeFlow(message);
  if (flow === undefined || (flow.status & IPS_DST_NAT) === 0) return [];
  const attributes = Attributes.decode(message.payload, NFGENMSG_LENGTH);
  const bytesOf = (direction: number): number | undefined => {
    const bytes = attributes.nested(direction).bytes(CTA_COUNTERS_BYTES);
    return bytes?.length === 8 ? Number(bytes.readBigUInt64BE()) : undefined;
  };
  return [{ ...flow, there: bytesOf(CTA_COUNTERS_ORIG), back: bytesOf(CTA_COUNTERS_REPLY) }];
}
