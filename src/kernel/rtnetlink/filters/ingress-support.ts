import { constants } from "node:os";
import { kernelError } from "../../errno.js";
import { libc } from "../../libc.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../netlink/protocol.js";
import { bracket, CLONE_NEWNET } from "../../netns/netns.js";
import { encodeIngressFilter, encodeIngressQdisc } from "./ingress-filter.js";
import { dropping, loopback } from "./packet-program.js";

const { EEXIST, EINVAL, ENOENT, EOPNOTSUPP } = constants.errno;
/** `lo`, the first link of every namespace. */
const LOOPBACK_INDEX = 1;

let known: boolean | undefined;

/** Whether this kernel has filters on links, and those of BPF: tried once, in a namespace that ends with the trial. */
export function canFilterIngress(): boolean {
  known ??= bracket(() => {
    if (libc().unshare(CLONE_NEWNET) < 0) {
      throw kernelError({ operation: "create network namespace", object: "to try a filter", errno: libc().errno() });
    }
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const batch = new MessageBatch();
    encodeIngressQdisc(batch, LOOPBACK_INDEX);
    encodeIngressFilter(batch, LOOPBACK_INDEX, dropping(loopback));
    return socket.exchange(batch, { what: () => "try a filter", reads: true }).failures.length === 0;
  });
  return known;
}

/** A refusal to add the queueing discipline that stands for nothing: there is one, or the kernel has none. */
export function isRefusedQdisc({ errno }: { readonly errno: number }): boolean {
  return errno === EEXIST || isUnknownKind(errno);
}

/** A refusal to add the filter, since the kernel has none, or had no queueing discipline for it (EINVAL). */
export function isRefusedFilter({ errno }: { readonly errno: number }): boolean {
  return (isUnknownKind(errno) || errno === EINVAL) && !canFilterIngress();
}

function isUnknownKind(errno: number): boolean {
  return errno === ENOENT || errno === EOPNOTSUPP;
}
