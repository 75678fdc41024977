import type { Network } from "../api/index.js";
import type { Host } from "./host.js";
import type { Parts } from "./parts.js";

/** Tells of what on the host keeps packets from being forwarded, and is not tsd's to change. */
export async function warnOfForwarding({ warn }: Pick<Parts, "warn">, host: Host, network: Network): Promise<void> {
  if (network.internal || network.subnets.length === 0) return;
  if (network.leaveForwarding && network.uplinks.some(({ forwarding }) => !forwarding)) {
    warn(
      `the host does not forward packets, and tsd was told to leave that alone: containers on "${network.name}" reach nobody outside until net.ipv4.ip_forward is 1`,
    );
  }
  for (const chain of await host.foreignDrops()) {
    warn(`${chain} drops what it does not know, packets of containers on "${network.name}" among them`);
  }
}
