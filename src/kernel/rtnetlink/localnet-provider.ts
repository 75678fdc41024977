import { constants } from "node:os";
import type { Drift, Provider } from "../../api/provider.js";
import type { Localnet, Sysctl } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import { kernelError } from "../errno.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { describeSysctl, inspectSysctl, removeSysctl, setSysctl } from "../netns/sysctl-resource.js";
import {
  describeIngressFilter,
  describeNoIngressFilter,
  encodeDeleteIngressFilter,
  encodeDeleteIngressQdisc,
  encodeGetIngressFilter,
  encodeIngressFilter,
  encodeIngressQdisc,
  hasFilters,
  isIngressFilter,
} from "./filters/ingress-filter.js";
import { canFilterIngress, isRefusedFilter, isRefusedQdisc } from "./filters/ingress-support.js";
import { dropping, loopback } from "./filters/packet-program.js";
import { findLink } from "./messages/link.js";

const { EINVAL, ENODEV, ENOENT, EOPNOTSUPP } = constants.errno;
/** Nothing of tsd's is there; the last, where the link shares a block of filters with others, which takes none by way of a link. */
const GONE: readonly number[] = [ENOENT, EINVAL, ENODEV, EOPNOTSUPP];

const program = dropping(loopback);

/** `route_localnet` of a bridge, never without the filters that guard it: set after them, and taken back before them. */
export class LocalnetProvider implements Provider<"localnet"> {
  readonly kinds = ["localnet"] as const;

  async ensure(resources: readonly Localnet[]): Promise<void> {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    for (const resource of resources) {
      const isGuarded = resource.foreignPorts ? guard(socket, resource.link) : canFilterIngress();
      if (isGuarded) setSysctl(parameter(resource));
      else removeSysctl({ restore: "0", ...parameter(resource) });
    }
  }

  async remove(resources: readonly Localnet[]): Promise<void> {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    for (const resource of resources) {
      if (resource.restore === undefined) continue;
      removeSysctl(parameter(resource));
      if (resource.foreignPorts) unguard(socket, resource);
    }
  }

  async inspect(resources: readonly Localnet[]): Promise<readonly Drift[]> {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    return resources.flatMap((resource) => inspectLocalnet(socket, resource) ?? []);
  }

  /** The words of tc(8) and sysctl(8). */
  async describe(verb: "ensure" | "remove", resources: readonly Localnet[]): Promise<readonly string[]> {
    return resources.flatMap((resource) => {
      const { link, foreignPorts } = resource;
      const sysctl = describeSysctl(verb, parameter(resource));
      if (!foreignPorts) return sysctl;
      return verb === "ensure"
        ? [...describeIngressFilter(link, program), ...sysctl]
        : [...sysctl, describeNoIngressFilter(link)];
    });
  }
}

function parameter({ link, restore }: Localnet): Sysctl {
  const key = `net/ipv4/conf/${link}/route_localnet`;
  return { kind: "sysctl", key, value: "1", ...(restore === undefined ? {} : { restore }) };
}

/** Returns whether the filter is there; false where the kernel has none. */
function guard(socket: NetlinkSocket, link: string): boolean {
  const index = findLink(socket, link)?.index;
  if (index === undefined) throw missing(link);
  const batch = new MessageBatch();
  encodeIngressQdisc(batch, index);
  encodeIngressFilter(batch, index, program);
  const what = `add filter to ${link}`;
  const { failures } = socket.exchange(batch, { what: () => what });
  const refusal = failures.find((failure) => failure.index === 0 && !isRefusedQdisc(failure));
  if (refusal !== undefined) throw kernelError({ operation: "add filter to", object: link, ...refusal });
  const filter = failures.find((failure) => failure.index === 1);
  if (filter === undefined) return true;
  if (isRefusedFilter(filter)) return false;
  throw filter.errno === EINVAL ? taken(link) : kernelError({ operation: "add filter to", object: link, ...filter });
}

function unguard(socket: NetlinkSocket, { link, keepsQdisc }: Localnet): void {
  const index = findLink(socket, link)?.index;
  if (index === undefined) return;
  const send = (encode: (batch: MessageBatch, link: number) => void, what: string): void => {
    const batch = new MessageBatch();
    encode(batch, index);
    const { failures } = socket.exchange(batch, { what: () => `${what} ${link}` });
    const refusal = failures.find(({ errno }) => !GONE.includes(errno));
    if (refusal !== undefined) throw kernelError({ operation: what, object: link, ...refusal });
  };
  send(encodeDeleteIngressFilter, "delete filter of");
  if (!keepsQdisc && !hasFilters(socket, index)) send(encodeDeleteIngressQdisc, "delete queueing discipline of");
}

function inspectLocalnet(socket: NetlinkSocket, resource: Localnet): Drift | undefined {
  const index = findLink(socket, resource.link)?.index;
  const value = inspectSysctl(parameter(resource));
  if (index === undefined || value?.problem === "missing") return { resource, problem: "missing" };
  const isGuarded = resource.foreignPorts ? hasGuard(socket, resource.link, index) : canFilterIngress();
  const isSet = value === undefined;
  if (isGuarded === isSet) return isSet || !canFilterIngress() ? undefined : { resource, problem: "missing" };
  const found = isSet ? "has route_localnet=1 without the filter that guards it" : "has route_localnet=0";
  return { resource, problem: "different", found };
}

function hasGuard(socket: NetlinkSocket, link: string, index: number): boolean {
  const batch = new MessageBatch();
  encodeGetIngressFilter(batch, index);
  const { replies } = socket.exchange(batch, { what: () => `look up filter of ${link}`, reads: true });
  return replies.some((reply) => isIngressFilter(reply, program));
}

function missing(link: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_LINK_MISSING",
    message: `there is no link ${link}`,
    details: { link },
  });
}

/** The kernel puts filters of one preference behind one kind and protocol. */
function taken(link: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_FILTER_TAKEN",
    message: `${link} has another filter of preference 1 on what comes in, where tsd needs to put its own`,
    hint: `Give the other another preference: tc filter show dev ${link} ingress`,
    details: { link },
  });
}
