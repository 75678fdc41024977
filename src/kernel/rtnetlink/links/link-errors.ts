import { constants } from "node:os";
import { TsdError } from "../../../errors/tsd-error.js";
import { kernelError } from "../../errno.js";
import type { NetlinkFailure, NetlinkSocket } from "../../netlink/netlink-socket.js";
import type { KernelKind, VirtualLink } from "../link-kinds/link-kind.js";
import { type LinkState, listLinks } from "../messages/link.js";

/** `trait` follows "exists already and". */
export function inTheWay(link: VirtualLink, trait: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_LINK_CONFLICT",
    message: `the link ${link.name} exists already and ${trait}`,
    hint: `Rename or delete the other link: ip link show ${link.name}`,
    details: { link: link.name, netns: link.netns, found: trait },
  });
}

export function missingParent({ name, type }: VirtualLink, parent: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_LINK_MISSING",
    message: `there is no link ${parent}, on which ${name} of type ${type} is to stand`,
    hint: "ip link show lists those that there are.",
    details: { link: parent, child: name },
  });
}

interface Refused {
  readonly kind: KernelKind;
  readonly host: NetlinkSocket;
}

/** The error for a replaceable link that the kernel refuses to make. */
export function refusedLink(link: VirtualLink, failure: NetlinkFailure, { kind, host }: Refused): TsdError {
  const { EOPNOTSUPP, EBUSY, EEXIST, EADDRINUSE, EINVAL } = constants.errno;
  const parent = kind.parent(link);
  if (failure.errno === EOPNOTSUPP) return unsupported(link, kind);
  const rival = kind.rival?.(link, failure, listLinks(host));
  if (rival !== undefined) return beside(link, rival);
  if (parent !== undefined && [EBUSY, EEXIST, EINVAL].includes(failure.errno)) {
    return occupied(link, parent, holderOf(listLinks(host), parent));
  }
  if (failure.errno === EADDRINUSE && parent !== undefined) {
    return occupied(link, parent, `another link on it has the hardware address ${link.mac}`);
  }
  return kernelError({ operation: "create link", object: link.name, ...failure });
}

function unsupported({ name, type }: VirtualLink, { feature }: KernelKind): TsdError {
  const { module, config } = feature ?? { module: type, config: `CONFIG_${type.toUpperCase()}` };
  return new TsdError({
    kind: "unsupported",
    code: "TSD_LINK_UNSUPPORTED",
    message: `this kernel has no links of type ${type}, as ${name} would be`,
    hint: `Load the module (modprobe ${module}), or use a kernel with ${config}.`,
    details: { link: name, type, module, config },
  });
}

function beside({ name, type }: VirtualLink, rival: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_LINK_RIVAL",
    message: `the kernel makes no ${name} of type ${type}: ${rival}`,
    hint: `Remove the other one (ip -details link show type ${type}; ss -lunp), or choose another number or port.`,
    details: { link: name, type, rival },
  });
}

function occupied({ name, type }: VirtualLink, parent: string, holder: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_PARENT_TAKEN",
    message: `${parent} takes no link of type ${type}: ${holder}`,
    hint: `Choose another parent, or free it: ip -details link show ${parent}`,
    details: { link: name, parent, holder },
  });
}

/** Who keeps the parent from having another such link, as a clause. */
function holderOf(links: readonly LinkState[], parent: string): string {
  const found = links.find(({ name }) => name === parent);
  const master = links.find(({ index }) => index === found?.master);
  if (master !== undefined) return `it is a port of ${master.name}`;
  const other = links.find(({ peer, kind }) => peer === found?.index && kind !== "veth");
  if (other !== undefined) return `${other.name} of type ${other.kind} stands on it`;
  return "a link of another namespace stands on it, which leaves no room for this one";
}
