import { readFileSync } from "node:fs";

/** Advertisements and redirects of routers that the calling thread's namespace has heard by `link`. */
export function routerMessages(link: string): number {
  const heard = read(`dev_snmp6/${link}`).filter((line) => /^Icmp6In(RouterAdvertisements|Redirects)\s/.test(line));
  return heard.reduce((sum, line) => sum + Number(line.split(/\s+/)[1]), 0);
}

/** Packets that the calling thread's namespace has taken for its own, of IPv4 in all and of IPv6 by `link`; proc_pid_net(5). */
export function deliveries(link: string): { readonly ipv4: number; readonly ipv6: number } {
  const [names = "", values = ""] = read("snmp").filter((line) => line.startsWith("Ip:"));
  const at = names.split(" ").indexOf("InDelivers");
  const ipv6 = read(`dev_snmp6/${link}`).find((line) => line.startsWith("Ip6InDelivers"));
  return { ipv4: Number(values.split(" ")[at]), ipv6: Number(ipv6?.split(/\s+/)[1]) };
}

function read(file: string): readonly string[] {
  return readFileSync(`/proc/thread-self/net/${file}`, "utf8").split("\n");
}
