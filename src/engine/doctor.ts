import ipaddr from "ipaddr.js";
import type { Finding, Network, NetworkRow } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Host } from "./host.js";
import type { NatSelection } from "./nat-selection.js";
import type { Parts } from "./parts.js";

/** Looks for what is not tsd's to change and yet in its way. Each question is one of its own. */
export class Doctor {
  constructor(
    private readonly parts: Pick<Parts, "store" | "host" | "runtime">,
    private readonly nat: Pick<NatSelection, "known" | "requireUsable" | "state">,
  ) {}

  /** See {@link System.doctor}. */
  async examine(): Promise<readonly Finding[]> {
    const host = await this.parts.host();
    const rows = this.parts.store.networks.list();
    const networks = rows.map(({ network }) => network);
    const answers = await Promise.all([
      this.missingRuntime(),
      this.unusableBackend(),
      stoppedForwarding(host, networks),
      foreignFirewalls(host),
      collisions(host, rows),
      wideNetworks(host, networks),
    ]);
    return answers.flat();
  }

  private async missingRuntime(): Promise<readonly Finding[]> {
    const runtime = await this.parts.runtime();
    return findingOf(() => runtime.versions());
  }

  private unusableBackend(): Promise<readonly Finding[]> {
    const known = this.nat.known();
    return findingOf(() => (known === undefined ? this.nat.state() : this.nat.requireUsable(known.active)));
  }
}

/** What the failure of `work` says; nothing where it succeeds. */
async function findingOf(work: () => Promise<unknown>): Promise<readonly Finding[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    return [{ problem: error.message, remedy: error.hint ?? "See tsd system info." }];
  }
}

function stoppedForwarding(host: Host, networks: readonly Network[]): readonly Finding[] {
  const outward = networks.filter(
    ({ internal, subnets }) => !internal && subnets.some(({ cidr }) => !cidr.includes(":")),
  );
  const [network] = outward;
  if (network === undefined) return [];
  const names = new Set(network.uplinks.map(({ name }) => name));
  return host
    .uplinks()
    .filter(({ name, forwarding }) => names.has(name) && !forwarding)
    .map(({ name }) => ({
      problem: `${name} does not forward IPv4 packets, so that containers get no answers from outside`,
      remedy: network.leaveForwarding
        ? `Switch it on, as tsd was told to leave it alone: sysctl -w net.ipv4.conf.${name}.forwarding=1`
        : "Let tsd repair it: tsd reload",
    }));
}

async function foreignFirewalls(host: Host): Promise<readonly Finding[]> {
  const { managers, iptables } = await host.firewalls();
  const drops = (await host.foreignDrops()).map((chain) => ({
    problem: `${chain} drops forwarded packets that it does not know, those of containers among them`,
    remedy: "Accept there what comes from and goes to the bridges of tsd network ls.",
  }));
  const managed = managers.map((manager) => ({
    problem: `${manager} manages the firewall, and may erase rules of iptables when it is reloaded`,
    remedy: "Run tsd reload after it, or keep to the nftables backend, whose table is its own.",
  }));
  if (iptables.length < 2) return [...drops, ...managed];
  const mixed = {
    problem: "both iptables-legacy and iptables-nft have tables here, and neither shows the rules of the other",
    remedy: "Keep to one: update-alternatives --config iptables",
  };
  return [...drops, ...managed, mixed];
}

/** A route that came after the network. Those of the network itself, and the wider ones that it is a part of, are none. */
function collisions(host: Host, rows: readonly NetworkRow[]): readonly Finding[] {
  const own = new Set(
    rows.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "address" ? [one.link] : []))),
  );
  const routes = host.routes().filter(({ link }) => !own.has(link));
  return rows.flatMap(({ network }) =>
    network.subnets.flatMap(({ cidr }) =>
      routes
        .filter((route) => isWithin(route.cidr, cidr))
        .map((route) => ({
          problem: `route ${route.cidr} dev ${route.link} takes packets away from network "${network.name}" (${cidr})`,
          remedy: "Remove the route, or make the network anew with another subnet.",
        })),
    ),
  );
}

function isWithin(inner: string, outer: string): boolean {
  const [address, prefix] = ipaddr.parseCIDR(inner);
  const [base, length] = ipaddr.parseCIDR(outer);
  return address.kind() === base.kind() && prefix >= length && address.match(base, length);
}

function wideNetworks(host: Host, networks: readonly Network[]): readonly Finding[] {
  const egress = host.egressMtu();
  if (egress === undefined) return [];
  return networks
    .filter(({ internal, options }) => !internal && Number(options.mtu) > egress)
    .map(({ name, options }) => ({
      problem: `network "${name}" has MTU ${options.mtu}, and the host's way out has ${egress}: long packets get lost where nobody says so`,
      remedy: "Make the network anew with -o mtu=auto.",
    }));
}
