import type { PortBinding, PortTraffic } from "../api/index.js";

/** What went through a binding that leads to these addresses; one entry for each port. */
type CountPort = (binding: PortBinding, addresses: readonly string[]) => readonly PortTraffic[];

export interface PublishedTraffic {
  /** Lists the kernel's connections once. */
  count(): CountPort;
}
