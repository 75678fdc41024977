import type { Allow, Guard, Isolate, Masquerade, Member, Publish, Segment } from "../../api/index.js";

const networkId = "1".repeat(64);
const endpointId = "2".repeat(64);
const peerId = "3".repeat(64);
const bridge = "br-111111111111";
/** The owner of what is not the case's own. */
export const stranger = "9".repeat(64);

export const isolate: Isolate = { kind: "isolate", owner: networkId, bridge };
export const masquerade: Masquerade = { kind: "masquerade", owner: networkId, bridge, subnet: "10.10.10.0/24" };

/** tcp 8080 of every address to port 80 of 10.10.10.2, unless told otherwise. */
export function publish(changes: Partial<Publish> = {}): Publish {
  return {
    kind: "publish",
    owner: endpointId,
    bridge,
    protocol: "tcp",
    hostPort: 8080,
    containerAddress: "10.10.10.2",
    containerPort: 80,
    count: 1,
    ...changes,
  };
}

/** tcp 5432 of 10.10.10.2 for anybody, unless told otherwise. */
export function allow(changes: Partial<Allow> = {}): Allow {
  return {
    kind: "allow",
    owner: endpointId,
    bridge,
    protocol: "tcp",
    address: "10.10.10.2",
    port: 5432,
    count: 1,
    ...changes,
  };
}

/** Of 10.10.10.2 and fd00:10::2, unless told otherwise. */
export function guard(changes: Partial<Guard> = {}): Guard {
  return {
    kind: "guard",
    owner: endpointId,
    bridge,
    link: "veth22222222222",
    mac: "02:42:0a:0a:0a:02",
    addresses: ["10.10.10.2", "fd00:10::2", "fe80::42:aff:fe0a:a02"],
    ...changes,
  };
}

/** A link to other hosts of the network. */
export const trunk = "vx-111111111111";
export const segment: Segment = { kind: "segment", owner: networkId, vni: 4097, port: 4789 };

/** The host 192.0.2.2, unless told otherwise. */
export function member(changes: Partial<Member> = {}): Member {
  return { kind: "member", owner: peerId, vni: 4097, port: 4789, address: "192.0.2.2", ...changes };
}
