import type { Family } from "../address-family.js";

/** Bytes around a packet in VXLAN, by the family of the tunnel's ends: headers of IP, UDP and VXLAN, and the inner Ethernet (RFC 7348 §5). */
export const vxlanOverhead: Readonly<Record<Family, number>> = { 4: 20 + 8 + 8 + 14, 6: 40 + 8 + 8 + 14 };

/** Bytes around a packet in WireGuard, likewise: headers of IP and UDP, and its type, receiver, counter and authentication. */
export const wireguardOverhead: Readonly<Record<Family, number>> = { 4: 20 + 8 + 32, 6: 40 + 8 + 32 };
