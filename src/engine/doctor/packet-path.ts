import { familyOf } from "../../api/address-family.js";
import type { Finding, ForwardDrop, Network } from "../../api/index.js";
import type { NetworkRow, Platform, Routing } from "../../contracts/index.js";

export function stoppedForwarding(
  host: Pick<Routing, "uplinks">,
  networks: readonly Network[],
  own: ReadonlySet<string>,
): readonly Finding[] {
  const outward = networks.filter(
    ({ internal, subnets }) => !internal && subnets.some(({ cidr }) => familyOf(cidr) === 4),
  );
  const [network] = outward;
  if (network === undefined) return [];
  return host
    .uplinks(own)
    .filter(({ forwarding }) => !forwarding)
    .map(({ name }) => ({
      problem: `${name} does not forward IPv4 packets, so that containers get no replies from outside`,
      remedy: network.leaveForwarding
        ? `Switch it on, as tsd was told to leave it alone: sysctl -w net.ipv4.conf.${name}.forwarding=1`
        : "Let tsd repair it: tsd reload",
    }));
}

export function droppingChains(
  drops: readonly ForwardDrop[],
  remedyFor: (drop: ForwardDrop) => string,
): readonly Finding[] {
  return drops.map((drop) => ({
    problem: `${drop.words} drops ${lossWords(drop)}`,
    remedy: remedyFor(drop),
  }));
}

/** `what containers send to other machines and calls of published ports (IPv4)`. */
function lossWords({ packets }: ForwardDrop): string {
  const outward = packets.some(({ state, translated, bridged }) => state === "new" && !translated && !bridged);
  const published = packets.some(({ state, translated }) => state === "new" && translated);
  const families = [...new Set(packets.map(({ family }) => `IPv${family}`))].sort();
  const lost = [
    ...(outward ? ["what containers send to other machines"] : []),
    ...(published ? ["calls of published ports"] : []),
    ...(packets.some(({ state }) => state === "established") && !(outward && published) ? ["replies"] : []),
    ...(packets.some(({ bridged }) => bridged) ? ["what neighbours send to each other"] : []),
  ];
  return `${lost.join(" and ")} (${families.join(", ")})`;
}

/**
 * With br_netfilter a translated packet turns round within the bridge, where isolated ports drop it, and replies to
 * 127.0.0.1 come out of the bridge as what only a forger would send.
 */
export function bridgeNetfilter(host: Pick<Platform, "parameter">, rows: readonly NetworkRow[]): readonly Finding[] {
  const families = ["iptables", "ip6tables"] as const;
  const keys = families.map((family) => `net/bridge/bridge-nf-call-${family}`);
  const [key] = keys.filter((parameter) => host.parameter(parameter) === "1");
  if (key === undefined) return [];
  const apart = rows.find(({ network }) => network.options.icc === "false");
  const foreign = rows.find(({ resources }) => resources.some((one) => one.kind === "localnet" && one.foreignPorts));
  const remedy = `Switch it off where nothing else needs it: sysctl -w ${key.replaceAll("/", ".")}=0`;
  const found = [
    apart &&
      `containers of network "${apart.network.name}" (icc=false) reach neither their own published ports nor each other's`,
    foreign && `published ports of containers of network "${foreign.network.name}" do not answer on 127.0.0.1`,
  ];
  return found.flatMap((what) => (what ? [{ problem: `br_netfilter is on, so that ${what}`, remedy }] : []));
}
