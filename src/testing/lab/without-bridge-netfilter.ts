import { existsSync } from "node:fs";
import { setSysctl } from "./topology.js";

const switches = ["bridge/bridge-nf-call-iptables", "bridge/bridge-nf-call-ip6tables"];

/** Does `work` while packet filters of IP do not see bridged packets, which a new namespace begins with where br_netfilter is loaded. */
export async function withoutBridgeNetfilter(work: () => Promise<void>): Promise<void> {
  const restorations = switches.filter((key) => existsSync(`/proc/sys/net/${key}`)).map((key) => setSysctl(key, "0"));
  try {
    await work();
  } finally {
    for (const restore of restorations) restore();
  }
}
