import { constants } from "node:os";
import { TsdError } from "../../errors/tsd-error.js";
import { kernelError } from "../errno.js";
import { findFamily } from "../netlink/generic-family.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { type NetlinkFailure, NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_GENERIC, NETLINK_ROUTE } from "../netlink/protocol.js";
import { findLink } from "../rtnetlink/messages/link.js";
import { type DeviceState, decodeDevice, encodeGetDevice } from "./messages.js";
import { WG_GENL_NAME } from "./protocol.js";

/** One message, and the words for its failure. */
export interface DeviceRequest {
  /** Imperative words. */
  readonly operation: string;
  readonly object: string;
  readonly encode: (batch: MessageBatch, family: number) => void;
  /** The error for a refusal, if there is a better one than the kernel's; true where it is none. */
  readonly refused?: (failure: NetlinkFailure) => TsdError | true | undefined;
}

/** Refusals of one send are kept until it is over. */
const MOST_REQUESTS = 1024;

/** Links of type wireguard in this namespace, as generic netlink has them: for one call. */
export class Devices implements Disposable {
  private readonly generic = new NetlinkSocket(NETLINK_GENERIC);
  private readonly route = new NetlinkSocket(NETLINK_ROUTE);
  private readonly known = new Map<string, boolean>();
  private family: number | undefined;

  /** `mark` is on those that are tsd's. */
  constructor(private readonly mark: string | undefined) {}

  /** Whether there is such a link, and tsd made it. */
  has(link: string): boolean {
    const known = this.known.get(link) ?? this.isOwn(link);
    this.known.set(link, known);
    return known;
  }

  /** Throws `not-found` where there is no such link of tsd's. */
  require(link: string): void {
    if (this.has(link)) return;
    throw new TsdError({
      kind: "not-found",
      code: "TSD_WIREGUARD_MISSING",
      message: `there is no link ${link} of type wireguard that tsd made`,
      hint: "Have it made again: tsd reload",
      details: { link },
    });
  }

  /** Undefined where there is no such link. */
  state(link: string): DeviceState | undefined {
    const family = this.findFamily();
    if (family === undefined || !this.has(link)) return undefined;
    return decodeDevice(this.generic.dump(encodeGetDevice(family, link), `peers of ${link}`));
  }

  /** In few sends. Throws for the first refusal that stands. */
  send(requests: readonly DeviceRequest[]): void {
    if (requests.length === 0) return;
    const family = this.findFamily();
    if (family === undefined) throw lacking();
    for (let at = 0; at < requests.length; at += MOST_REQUESTS) {
      const some = requests.slice(at, at + MOST_REQUESTS);
      const batch = new MessageBatch();
      for (const { encode } of some) encode(batch, family);
      const what = (): string => some.map(({ operation, object }) => `${operation} ${object}`).join("; ");
      for (const failure of this.generic.exchange(batch, { what }).failures) {
        const request = some[failure.index];
        const refusal = request?.refused?.(failure);
        if (request === undefined || refusal === true) continue;
        throw refusal ?? kernelError({ operation: request.operation, object: request.object, ...failure });
      }
    }
  }

  [Symbol.dispose](): void {
    this.generic.close();
    this.route.close();
  }

  private isOwn(link: string): boolean {
    const found = findLink(this.route, link);
    return found?.kind === "wireguard" && found.alias === this.mark;
  }

  private findFamily(): number | undefined {
    this.family ??= findFamily(this.generic, WG_GENL_NAME);
    return this.family;
  }
}

/** A link that went counts as removed with all that it had. */
export function isGone({ errno }: NetlinkFailure): boolean {
  const { ENODEV, EOPNOTSUPP, ENOENT } = constants.errno;
  return [ENODEV, EOPNOTSUPP, ENOENT].includes(errno);
}

function lacking(): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_WIREGUARD_UNSUPPORTED",
    message: "this kernel has no WireGuard",
    hint: "Load the module (modprobe wireguard), or use a kernel with CONFIG_WIREGUARD.",
  });
}
