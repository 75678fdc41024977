import { type HostLink, TsdError } from "../../api/index.js";

export function missingLink(name: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_PARENT_MISSING",
    message: `the host has no link ${name} to be the parent of the network`,
    hint: "ip link show lists those that there are; eth0.20 is made where eth0 exists.",
    details: { parent: name },
  });
}

export function badVlanId(parent: string, id: number): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_VLAN_INVALID",
    message: `parent ${parent} does not exist and cannot be made: ${id} is no VLAN id from 1 to 4094`,
    hint: "Name a VLAN as in parent=eth0.20, or a link that exists.",
    details: { parent, id },
  });
}

/** `holder` follows the name of the link. */
export function takenParent(parent: string, holder: string, hint: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_PARENT_TAKEN",
    message: `the parent ${parent} ${holder}`,
    hint,
    details: { parent, holder },
  });
}

export function wideMtu(mtu: string, { name, mtu: width }: HostLink): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PARENT_MTU",
    message: `mtu=${mtu} is more than the ${width} bytes that ${name} carries`,
    hint: "Give fewer bytes, or leave the option out.",
    details: { mtu, parent: name, width },
  });
}
