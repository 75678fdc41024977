import type { Network, Resource } from "../api/index.js";
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

/** Tells where the kernel cannot guard the way from 127.0.0.0/8, which is then closed; see {@link Localnet}. */
export function warnOfLocalnet(
  { warn }: Pick<Parts, "warn">,
  host: Pick<Host, "parameter" | "missingFeatures">,
  { name, resources }: { readonly name: string; readonly resources: readonly Resource[] },
): void {
  const isClosed = resources.some(
    (one) => one.kind === "localnet" && host.parameter(`net/ipv4/conf/${one.link}/route_localnet`) === "0",
  );
  if (!isClosed || !host.missingFeatures().some(({ module }) => module === "cls_bpf")) return;
  warn(
    `ports published by containers on "${name}" do not answer on 127.0.0.1: this kernel has no filter that keeps the containers from it (CONFIG_NET_CLS_BPF)`,
  );
}
