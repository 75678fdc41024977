import { familyOf } from "../../api/address-family.js";
import type { Allow, Guard, Isolate, Masquerade, Member, NatIntent, Publish, Segment } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { canonicalAddress, canonicalCidr } from "../canonical-address.js";
import { type Element, elementId } from "./element.js";

/**
 * What must be in the table for `intents` to hold, each element once. Pure. Throws `invalid-input` for a publication
 * whose two addresses are of different families.
 */
export function elementsOf(intents: readonly NatIntent[]): readonly Element[] {
  const elements = intents.flatMap(elementsOfIntent);
  return [...new Map(elements.map((element) => [elementId(element), element])).values()];
}

function elementsOfIntent(intent: NatIntent): readonly Element[] {
  switch (intent.kind) {
    case "masquerade":
      return [elementOfMasquerade(intent)];
    case "isolate":
      return elementsOfIsolate(intent);
    case "publish":
      return elementsOfPublish(intent);
    case "allow":
      return elementsOfAllow(intent);
    case "guard":
      return elementsOfGuard(intent);
    case "segment":
      return elementsOfSegment(intent);
    case "member":
      return [elementOfMember(intent)];
  }
}

/** By interface, since that costs one lookup and what comes in by the bridge is of its subnet. */
function elementOfMasquerade({ owner, bridge, subnet, address }: Masquerade): Element {
  const family = familyOf(subnet);
  if (address === undefined) return { set: `masquerade${family}`, key: [bridge], owner };
  return { set: `snat${family}`, key: [bridge], data: [canonicalAddress(address)], owner };
}

function elementsOfIsolate(isolate: Isolate): readonly Element[] {
  const { owner, bridge, group, apart, internal, open, pingable, only, trunk } = isolate;
  const flags = { internal, open, pingable };
  const wanted = Object.entries(flags).flatMap(([set, isSet]) => (isSet ? [set as keyof typeof flags] : []));
  const neighbours = apart ? [] : elementsOfNeighbours(isolate);
  if (only === "apart") return neighbours;
  return [
    { set: "bridges", key: [bridge], owner },
    { set: "same_bridge", key: [bridge, bridge], owner },
    ...neighbours,
    ...(group === undefined ? [] : [{ set: "same_group", key: [group, bridge], owner } as const]),
    ...wanted.map((set) => ({ set, key: [bridge], owner })),
    ...(trunk === undefined ? [] : elementsOfTrunk(trunk, isolate)),
    ...elementsOfInlet(isolate),
    ...elementsOfRemote(isolate, "remote"),
  ];
}

/** What new connections within a network need. */
function elementsOfNeighbours(isolate: Isolate): readonly Element[] {
  const { owner, bridge, group, trunk } = isolate;
  return [
    { set: "neighbours", key: [bridge, bridge], owner },
    ...(trunk === undefined ? [] : [{ set: "neighbours", key: [trunk, bridge], owner } as const]),
    ...(group === undefined ? [] : [{ set: "group_neighbours", key: [group, bridge], owner } as const]),
    ...elementsOfRemote(isolate, "remote_neighbours"),
  ];
}

function elementsOfRemote({ owner, bridge, remote }: Isolate, set: "remote" | "remote_neighbours"): readonly Element[] {
  return (remote?.subnets ?? []).map((subnet) => ({
    set: `${set}${familyOf(subnet)}`,
    key: [bridge, remote?.link ?? "", canonicalCidr(subnet)],
    owner,
  }));
}

/** What goes out by a trunk passes to neighbours here: the host that it comes to decides. */
function elementsOfTrunk(trunk: string, { owner, bridge, internal, open }: Isolate): readonly Element[] {
  return [
    { set: "bridges", key: [trunk], owner },
    { set: "trunks", key: [trunk], owner },
    { set: "same_bridge", key: [bridge, trunk], owner },
    { set: "same_bridge", key: [trunk, bridge], owner },
    { set: "neighbours", key: [bridge, trunk], owner },
    ...(internal ? [{ set: "internal", key: [trunk], owner } as const] : []),
    ...(open ? [{ set: "open", key: [trunk], owner } as const] : []),
  ];
}

function elementsOfInlet({ owner, bridge, inlet }: Isolate): readonly Element[] {
  if (inlet === undefined) return [];
  const { link } = inlet;
  return [
    { set: "guarded", key: [link], owner },
    { set: "inlets", key: [link], owner },
    ...inlet.addresses.map(canonicalAddress).flatMap((address): readonly Element[] => [
      { set: `inlet${familyOf(address)}`, key: [link, address], owner },
      { set: `own${familyOf(address)}`, key: [bridge, address], owner },
    ]),
  ];
}

function elementsOfSegment({ owner, vni, port, link }: Segment): readonly Element[] {
  const segment: Element = { set: "segments", key: [port, vni], owner };
  if (link === undefined) return [segment];
  return [
    segment,
    { set: "sealed", key: [port, vni], owner },
    { set: "sealed_by", key: [link, port, vni], owner },
    // Of the host itself other hosts reach as much by this link as by a trunk.
    { set: "trunks", key: [link], owner },
  ];
}

function elementOfMember({ owner, vni, port, address }: Member): Element {
  const canonical = canonicalAddress(address);
  return { set: `member${familyOf(canonical)}`, key: [canonical, port, vni], owner };
}

function elementsOfAllow({ owner, protocol, address, port, count, from }: Allow): readonly Element[] {
  const to = canonicalAddress(address);
  const base = `allow${familyOf(to)}${from === undefined ? "" : "_from"}` as const;
  const prefix = [...(from === undefined ? [] : [canonicalAddress(from)]), to, protocol];
  if (count === 1) return [{ set: base, key: [...prefix, port], owner }];
  return [{ set: `${base}_range`, key: [...prefix, { first: port, last: port + count - 1 }], owner }];
}

function elementsOfGuard({ owner, link, shared, ...guard }: Guard): readonly Element[] {
  const mac = guard.mac.toLowerCase();
  const addresses = guard.addresses.map(canonicalAddress);
  const speaks6 = addresses.some((address) => familyOf(address) === 6);
  return [
    ...(shared ? [] : [{ set: "guarded", key: [link], owner } as const]),
    { set: "guard_mac", key: [link, mac], owner },
    ...(speaks6 ? [{ set: "guard_option", key: [link, mac], owner } as const] : []),
    ...addresses.flatMap((address): readonly Element[] => [
      familyOf(address) === 4
        ? { set: "guard_arp", key: [link, mac, address], owner }
        : { set: "guard_target", key: [link, address], owner },
      { set: `guard${familyOf(address)}`, key: [link, address], owner },
    ]),
  ];
}

function elementsOfPublish(publish: Publish): readonly Element[] {
  const { owner, protocol, hostPort, containerPort, count } = publish;
  const address = canonicalAddress(publish.containerAddress);
  const family = familyOf(address);
  const host = hostAddress(publish);
  if (host !== undefined && familyOf(host) !== family) throw mixedFamilies(publish);
  const prefix = host === undefined ? [protocol] : [host, protocol];
  const base = `publish${family}${host === undefined ? "" : "_at"}` as const;

  if (count > 1 && hostPort === containerPort) {
    const range = { first: hostPort, last: hostPort + count - 1 };
    return [{ set: `${base}_range`, key: [...prefix, range], data: [address], owner }];
  }
  return Array.from({ length: count }, (_, index) => ({
    set: base,
    key: [...prefix, hostPort + index],
    data: [address, containerPort + index],
    owner,
  }));
}

/** The unspecified addresses 0.0.0.0 and :: mean every address, as they do to bind(2). */
function hostAddress({ hostAddress }: Publish): string | undefined {
  if (hostAddress === undefined) return undefined;
  const canonical = canonicalAddress(hostAddress);
  return canonical === "0.0.0.0" || canonical === "::" ? undefined : canonical;
}

function mixedFamilies({ hostAddress, containerAddress, hostPort, protocol, owner }: Publish): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NAT_FAMILIES",
    message: `port ${hostPort}/${protocol} of ${hostAddress} cannot lead to ${containerAddress}, an address of the other family`,
    hint: "Publish on an address of the container's family.",
    details: { hostAddress, containerAddress, owner },
  });
}
