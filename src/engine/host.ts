import type { Owner, PortBinding, Uplink } from "../api/index.js";

/** Which processes live. Cheap enough to ask at every command. */
export interface Processes {
  /** The calling process. */
  self(): Owner;
  isAlive(owner: Owner): boolean;
  /** True while the process with this pid is the one that started at `start` clock ticks. */
  isRunning(process: { readonly pid: number; readonly start: number }): boolean;
}

export function sameOwner(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.start === b.start && a.bootId === b.bootId;
}

/** Facts about the machine's network, read from the kernel when an operation needs them. */
export interface Host {
  uplinks(): readonly Uplink[];
  /** Routes of the main table without default routes, as CIDRs. */
  routes(): readonly { readonly cidr: string; readonly link: string }[];
  nameservers(): readonly string[];
  /** First and last port that the kernel hands out by itself, `net.ipv4.ip_local_port_range`. */
  portRange(): { readonly first: number; readonly last: number };
  /** True if a bind to the port succeeds, hence nothing listens there. */
  isPortFree(binding: Pick<PortBinding, "protocol" | "hostAddress" | "hostPort">): boolean;
  /** What a namespace holds already. Throws `not-found` or `invalid-input` for a path that is no network namespace. */
  namespace(path: string): { readonly links: readonly string[]; readonly hasDefaultRoute: boolean };
}

export type LoadHost = () => Promise<Host>;
