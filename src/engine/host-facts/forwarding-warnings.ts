import type { Resource } from "../../api/index.js";
import type { NetworkRow, PacketFilters, Platform } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { dropsOf, remedyFor } from "./dropping-chains.js";

/** Reports what on the host prevents forwarding and that tsd must not change. */
export async function warnOfForwarding(
  { warn, store }: Pick<Parts, "warn" | "store">,
  host: PacketFilters,
  row: NetworkRow,
): Promise<void> {
  const { network } = row;
  if (network.internal || network.subnets.length === 0) return;
  if (network.leaveForwarding && network.uplinks.some(({ forwarding }) => !forwarding)) {
    warn(
      `the host does not forward packets, and tsd was told to leave that alone: containers on "${network.name}" reach nobody outside until net.ipv4.ip_forward is 1`,
    );
  }
  for (const drop of await dropsOf([row], host)) {
    warn(`${drop.words} drops packets of containers on "${network.name}". ${remedyFor(store, drop)}`);
  }
}

/** Reports foreign chains that block callers of what a container publishes on these networks. */
export async function warnOfUnreachablePorts(
  { warn, store }: Pick<Parts, "warn" | "store">,
  host: PacketFilters,
  { name, networkIds }: { readonly name: string; readonly networkIds: readonly string[] },
): Promise<void> {
  const rows = networkIds.flatMap((id) => store.networks.get(id) ?? []);
  const drops = await dropsOf(rows, host);
  for (const drop of drops.filter(({ packets }) => packets.some(({ translated }) => translated))) {
    warn(`${drop.words} drops calls of ports that "${name}" publishes. ${remedyFor(store, drop)}`);
  }
}

/** Reports if the kernel cannot guard the path from 127.0.0.0/8, which is then closed; see {@link Localnet}. */
export function warnOfLocalnet(
  { warn }: Pick<Parts, "warn">,
  host: Platform,
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
