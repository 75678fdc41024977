import type { Finding } from "../../api/index.js";
import type { Firewalls, NetworkRow, PacketFilters } from "../../contracts/index.js";

export async function foreignFirewalls(
  host: Pick<PacketFilters, "firewalls">,
  rows: readonly NetworkRow[],
  backend: string | undefined,
): Promise<readonly Finding[]> {
  const found = await host.firewalls();
  return [...strangersToFirewalld(found, rows), ...erasingManagers(found, backend), ...mixedIptables(found)];
}

/** What erases rules of tsd's that are iptables'. An nftables table of one's own is left alone by all that are known. */
export function erasingManagers({ managers }: Firewalls, backend: string | undefined): readonly Finding[] {
  if (backend !== "iptables") return [];
  return managers
    .filter(({ erasesIptables }) => erasesIptables)
    .map(({ name }) => ({
      problem: `${name} erases all rules of iptables, those of tsd among them, whenever it starts, reloads or stops`,
      remedy: `Keep tsd's where ${name} does not reach (tsd nat use nftables), or have tsd reload follow it: see share/systemd and share/hooks.`,
    }));
}

/** Networks whose bridges firewalld has in no zone. It rejects what strangers send through the host, and to it. */
export function strangersToFirewalld({ managers }: Firewalls, rows: readonly NetworkRow[]): readonly Finding[] {
  const zoned = managers.find(({ name }) => name === "firewalld")?.zoned;
  if (zoned === undefined) return [];
  return rows.flatMap(({ network, resources }) => {
    const bridge = resources.flatMap((one) => (one.kind === "address" && one.netns === undefined ? one.link : []))[0];
    if (bridge === undefined || zoned.has(bridge) || network.subnets.every(({ cidr }) => zoned.has(cidr))) return [];
    return [
      {
        problem: `firewalld has ${bridge} of network "${network.name}" in no zone: unless its default zone says otherwise, it rejects what containers send to other machines, other networks and the host, except replies`,
        remedy: `Put it into a zone: firewall-cmd --permanent --zone=trusted --add-interface=${bridge} && firewall-cmd --reload`,
      },
    ];
  });
}

function mixedIptables({ iptables }: Firewalls): readonly Finding[] {
  if (iptables.length < 2) return [];
  return [
    {
      problem: "both iptables-legacy and iptables-nft have tables here, and neither shows the rules of the other",
      remedy: "Keep to one: update-alternatives --config iptables",
    },
  ];
}
