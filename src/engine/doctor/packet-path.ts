import type { Finding, Network, NetworkRow } from "../../api/index.js";
import type { Host } from "../host.js";
import { erasingManagers, mixedIptables, strangersToFirewalld } from "./firewall-managers.js";

export function stoppedForwarding(
  host: Pick<Host, "uplinks">,
  networks: readonly Network[],
  own: ReadonlySet<string>,
): readonly Finding[] {
  const outward = networks.filter(
    ({ internal, subnets }) => !internal && subnets.some(({ cidr }) => !cidr.includes(":")),
  );
  const [network] = outward;
  if (network === undefined) return [];
  return host
    .uplinks(own)
    .filter(({ forwarding }) => !forwarding)
    .map(({ name }) => ({
      problem: `${name} does not forward IPv4 packets, so that containers get no answers from outside`,
      remedy: network.leaveForwarding
        ? `Switch it on, as tsd was told to leave it alone: sysctl -w net.ipv4.conf.${name}.forwarding=1`
        : "Let tsd repair it: tsd reload",
    }));
}

export async function foreignFirewalls(
  host: Pick<Host, "firewalls" | "foreignDrops">,
  rows: readonly NetworkRow[],
  backend: string | undefined,
): Promise<readonly Finding[]> {
  const found = await host.firewalls();
  const drops = (await host.foreignDrops()).map((chain) => ({
    problem: `${chain} drops forwarded packets that it does not know, those of containers among them`,
    remedy: "Accept there what comes from and goes to the bridges of tsd network ls.",
  }));
  return [...drops, ...strangersToFirewalld(found, rows), ...erasingManagers(found, backend), ...mixedIptables(found)];
}

/**
 * With br_netfilter a translated packet turns round within the bridge, where ports that are kept apart drop it, and answers to
 * 127.0.0.1 come out of the bridge as what only a forger would send.
 */
export function bridgeNetfilter(host: Pick<Host, "parameter">, rows: readonly NetworkRow[]): readonly Finding[] {
  const families = ["iptables", "ip6tables"] as const;
  const keys = families.map((family) => `net/bridge/bridge-nf-call-${family}`);
  const [key] = keys.filter((parameter) => host.parameter(parameter) === "1");
  if (key === undefined) return [];
  const apart = rows.find(({ network }) => network.options.icc === "false");
  const foreign = rows.find(({ resources }) => resources.some((one) => one.kind === "localnet" && one.foreignPorts));
  const remedy = `Switch it off where nothing else needs it: sysctl -w ${key.replaceAll("/", ".")}=0`;
  const found = [
    apart && `containers of network "${apart.network.name}" (icc=false) do not reach each other's published ports`,
    foreign && `published ports of containers of network "${foreign.network.name}" do not answer on 127.0.0.1`,
  ];
  return found.flatMap((what) => (what ? [{ problem: `br_netfilter is on, so that ${what}`, remedy }] : []));
}
