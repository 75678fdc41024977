import type { PortBinding } from "../../api/index.js";

/** One port of the host; of every address where none is named. */
export type HostPort = Pick<PortBinding, "protocol" | "hostAddress" | "hostPort">;

/** A socket that waits for callers; `0.0.0.0` and `::` are all addresses. */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

/** A listener, and the process that has it, as far as that can be seen. */
export interface HeldListener extends Listener {
  readonly process?: { readonly pid: number; readonly name: string };
}

/** Ports of the host, and who listens on them. */
export interface Sockets {
  /** First and last port that the kernel hands out by itself, `net.ipv4.ip_local_port_range`. */
  portRange(): { readonly first: number; readonly last: number };
  /** True if a bind to the port succeeds, hence nothing listens there. */
  isPortFree(port: HostPort): boolean;
  /** True if servers may listen at the address: it is the host's own, or `ip_nonlocal_bind` is set; see ip(7). */
  canBind(protocol: PortBinding["protocol"], address: string): boolean;
  /**
   * The addresses at which processes in the namespace at that path wait for callers of a port; undefined for a protocol
   * whose sockets the kernel does not list.
   */
  listeners(protocol: PortBinding["protocol"], port: number, netns: string): readonly string[] | undefined;
  /** Those on the host for which `isMeant` holds. */
  findListeners(isMeant: (listener: Listener) => boolean): readonly HeldListener[];
}
