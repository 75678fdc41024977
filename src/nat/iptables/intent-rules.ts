import { type Family, familyOf } from "../../api/address-family.js";
import type { Allow, Isolate, Masquerade, NatIntent, Publish } from "../../api/index.js";
import { canonicalAddress, canonicalCidr } from "../canonical-address.js";
import { mixedFamilies, unspeakableName } from "./iptables-errors.js";
import { commentOf, type PlacedRule, placedRule as rule } from "./placed-rule.js";
import { neighbourLines, ruleOfMember, rulesOfSegment, rulesOfSpan } from "./spanning-rules.js";

/**
 * What must be in the tables for `intents` to hold. Pure. Throws `invalid-input` for a publication whose two addresses
 * are of different families, and for a name that would mean something else to iptables.
 */
export function rulesOf(intents: readonly NatIntent[]): readonly PlacedRule[] {
  return intents.flatMap(rulesOfIntent);
}

function rulesOfIntent(intent: NatIntent): readonly PlacedRule[] {
  for (const name of namesIn(intent)) if (!/^[\w.:@-]+$/.test(name)) throw unspeakableName(name);
  switch (intent.kind) {
    case "masquerade":
      return rulesOfMasquerade(intent);
    case "isolate":
      return rulesOfIsolate(intent);
    case "publish":
      return rulesOfPublish(intent);
    case "allow":
      return [ruleOfAllow(intent)];
    case "segment":
      return rulesOfSegment(intent);
    case "member":
      return [ruleOfMember(intent)];
    case "guard":
      // None was ever made.
      return [];
  }
}

/** Names that go into rules. */
function namesIn(intent: NatIntent): readonly string[] {
  if (intent.kind === "member") return [intent.owner];
  const links =
    intent.kind === "segment"
      ? [intent.link]
      : [intent.bridge, ...(intent.kind === "isolate" ? [intent.trunk, intent.remote?.link] : [])];
  return [intent.owner, ...links].filter((name) => name !== undefined);
}

function rulesOfMasquerade(masquerade: Masquerade): readonly PlacedRule[] {
  const { subnet, bridge, owner, address, group } = masquerade;
  const place = { family: familyOf(subnet), table: "nat" } as const;
  const source = canonicalCidr(subnet);
  const comment = commentOf(owner);
  const translation = address === undefined ? "MASQUERADE" : `SNAT --to-source ${canonicalAddress(address)}`;
  const elsewhere = group === undefined ? `! -o ${bridge}` : `-m devgroup ! --dst-group ${groupWord(group)}`;
  return [
    // By subnet: kernels before 5.7 do not know here by which interface a packet came in.
    rule(
      place,
      `-A TSD-POSTROUTING -s ${source} ${elsewhere} -m addrtype ! --src-type LOCAL ${comment} -j ${translation}`,
    ),
    ...(group === undefined ? [turnedRound(masquerade)] : []),
  ];
}

/**
 * Under br_netfilter, what calls a port published behind its own bridge is turned round within it, and then no kernel knows.
 * The host's own calls keep their address.
 */
function turnedRound({ subnet, bridge, owner }: Masquerade): PlacedRule {
  return rule(
    { family: familyOf(subnet), table: "nat" },
    `-A TSD-POSTROUTING -s ${canonicalCidr(subnet)} -o ${bridge} -m conntrack --ctstate DNAT -m addrtype ! --src-type LOCAL ${commentOf(owner)} -j MASQUERADE`,
  );
}

function rulesOfIsolate(isolate: Isolate): readonly PlacedRule[] {
  if (isolate.only === "apart") {
    return ([4, 6] as const).flatMap((family) =>
      apartLines(isolate, family).map((line) => rule({ family, table: "filter" }, line)),
    );
  }
  const { bridge, owner } = isolate;
  const comment = commentOf(owner);
  const inBoth = ([4, 6] as const).flatMap((family) => [
    // A container that calls a port published behind its own bridge: replies must come back through the host.
    rule(
      { family, table: "nat" },
      `-A TSD-POSTROUTING -i ${bridge} -o ${bridge} -m conntrack --ctstate DNAT ${comment} -j MASQUERADE`,
    ),
    ...forwardLines(isolate, family).map((line) => rule({ family, table: "filter" }, line)),
    // Other hosts would take it for this one's, under whose address it leaves.
    rule({ family, table: "raw" }, `-A TSD-GUARD -i ${bridge} ${comment} -j TSD-SEGMENTS`),
    ...rulesOfSpan(isolate, family),
  ]);
  return [
    ...inBoth,
    rule({ family: 4, table: "nat" }, `-A TSD-POSTROUTING -s 127.0.0.0/8 -o ${bridge} ${comment} -j MASQUERADE`),
    // The bridge has route_localnet set, without which the host could not reach a container from 127.0.0.1; this keeps
    // containers from the host's loopback, and from posing as it. Before conntrack turns replies back.
    ...["-d", "-s"].map((end) =>
      rule({ family: 4, table: "raw" }, `-A TSD-GUARD ${end} 127.0.0.0/8 -i ${bridge} ${comment} -j DROP`),
    ),
  ];
}

/** What says whether containers of one bridge reach each other. */
function apartLines(isolate: Isolate, family: Family): readonly string[] {
  const { bridge, owner, group, apart } = isolate;
  const comment = commentOf(owner);
  return [
    `-A TSD-BRIDGES ${apart ? "" : `! -i ${bridge} `}-o ${bridge} ${comment} -j TSD-INWARD`,
    ...(group === undefined || apart
      ? []
      : [`-A TSD-ALLOW -o ${bridge} -m devgroup --src-group ${groupWord(group)} ${comment} -j ACCEPT`]),
    ...(apart ? [] : neighbourLines(isolate, family)),
  ];
}

function forwardLines(isolate: Isolate, family: Family): readonly string[] {
  const { bridge, owner, group, internal, open, pingable } = isolate;
  const comment = commentOf(owner);
  const [fromElsewhere, toElsewhere] =
    group === undefined
      ? [`! -i ${bridge} -o ${bridge}`, `-i ${bridge} ! -o ${bridge}`]
      : [
          `-o ${bridge} -m devgroup ! --src-group ${groupWord(group)}`,
          `-i ${bridge} -m devgroup ! --dst-group ${groupWord(group)}`,
        ];
  const outside = isolate.trunk === undefined && isolate.remote === undefined ? "DROP" : "TSD-WITHIN";
  const ping = family === 4 ? "-p icmp -m icmp --icmp-type 8" : "-p ipv6-icmp -m icmp6 --icmpv6-type 128";
  return [
    ...apartLines(isolate, family),
    `-A TSD-FROM-BRIDGES -i ${bridge} ${comment} -j ACCEPT`,
    ...(internal ? [fromElsewhere, toElsewhere] : []).map((way) => `-A TSD-INTERNAL ${way} ${comment} -j ${outside}`),
    ...(open ? [`-A TSD-ALLOW -o ${bridge} ${comment} -j TSD-FROM-BRIDGES`] : []),
    ...(pingable ? [`-A TSD-ALLOW -o ${bridge} ${ping} ${comment} -j ACCEPT`] : []),
  ];
}

function ruleOfAllow({ owner, protocol, address, port, count, from }: Allow): PlacedRule {
  const to = canonicalAddress(address);
  const family = familyOf(to);
  const prefix = family === 4 ? 32 : 128;
  const source = from === undefined ? "" : `-s ${canonicalAddress(from)}/${prefix} `;
  const ports = count > 1 ? `${port}:${port + count - 1}` : port;
  const condition = `${source}-d ${to}/${prefix} -p ${protocol} ${commentOf(owner)} -m ${protocol} --dport ${ports}`;
  return rule({ family, table: "filter" }, `-A TSD-ALLOW ${condition} -j ACCEPT`);
}

function rulesOfPublish(publish: Publish): readonly PlacedRule[] {
  const { protocol, hostPort, count, owner } = publish;
  const address = canonicalAddress(publish.containerAddress);
  const host = hostAddress(publish);
  const family = familyOf(address);
  if (host !== undefined && familyOf(host) !== family) throw mixedFamilies(publish);
  const chain = `TSD-${count > 1 ? "RANGE" : "PORT"}${host === undefined ? "" : "-AT"}`;
  const destination = host === undefined ? "" : `-d ${host}/${family === 4 ? 32 : 128} `;
  const ports = count > 1 ? `${hostPort}:${hostPort + count - 1}` : hostPort;
  const condition = `${destination}-p ${protocol} ${commentOf(owner)} -m ${protocol} --dport ${ports}`;
  return [
    rule({ family, table: "nat" }, `-A ${chain} ${condition} -j DNAT --to-destination ${target(address, publish)}`),
  ];
}

/** A range is one rule, since DNAT keeps a port, or moves it by the distance between both ranges (Linux 4.18). */
function target(address: string, { hostPort, containerPort, count }: Publish): string {
  const bracketed = familyOf(address) === 4 ? address : `[${address}]`;
  if (count === 1) return `${bracketed}:${containerPort}`;
  if (hostPort === containerPort) return address;
  return `${bracketed}:${containerPort}-${containerPort + count - 1}/${hostPort}`;
}

/** As iptables-save(8) writes it. */
function groupWord(group: number): string {
  return `0x${group.toString(16)}`;
}

/** The unspecified addresses 0.0.0.0 and :: mean every address, as they do to bind(2). */
function hostAddress({ hostAddress }: Publish): string | undefined {
  if (hostAddress === undefined) return undefined;
  const canonical = canonicalAddress(hostAddress);
  return canonical === "0.0.0.0" || canonical === "::" ? undefined : canonical;
}
