import type { Links } from "./links.js";
import type { PacketFilters } from "./packet-filters.js";
import type { Packets } from "./packets.js";
import type { Platform } from "./platform.js";
import type { Resolver } from "./resolver.js";
import type { Routing } from "./routing.js";
import type { Sockets } from "./sockets.js";

/** Facts about the machine and the network of the caller's namespace, read from the kernel at each question. */
export interface Host extends Routing, Links, Resolver, Sockets, PacketFilters, Packets, Platform {}

export type LoadHost = () => Promise<Host>;
