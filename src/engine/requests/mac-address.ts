import { fnv1a } from "../../contracts/fnv1a.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Six bytes with one separator throughout. */
const pattern = /^[\da-f]{2}([:-])[\da-f]{2}(?:\1[\da-f]{2}){4}$/i;

/** Parses the MAC address of one interface, `aa:bb:cc:dd:ee:ff` or with dashes. Throws `invalid-input` with the value. */
export function parseMacAddress(text: string): string {
  if (!pattern.test(text)) throw invalid(text, "it is not six bytes in hexadecimal");
  const mac = text.toLowerCase().replaceAll("-", ":");
  if (mac === "00:00:00:00:00:00") throw invalid(text, "it is no interface's");
  // The lowest bit of the first byte, IEEE 802-2014 §8.2.2; the kernel refuses such an address with EADDRNOTAVAIL.
  if (Number.parseInt(mac.slice(0, 2), 16) % 2 === 1) throw invalid(text, "it is the address of a group");
  return mac;
}

/**
 * The MAC address that belongs to an address of a network: a container that returns at the address has the one that
 * neighbours and host remember. Unicast and locally administered (IEEE 802, U/L bit). It reveals nothing of the address, and
 * differs from network to network, since two of them may share a bridge and its addresses with others.
 */
export function macOfAddress(networkId: string, address: string): string {
  const digits = BigInt.asUintN(48, fnv1a(`${networkId} ${address}`))
    .toString(16)
    .padStart(12, "0");
  const octets = digits.match(/../g) ?? [];
  const first = (Number.parseInt(octets[0] ?? "", 16) & 0xfc) | 0x02;
  return [first.toString(16).padStart(2, "0"), ...octets.slice(1)].join(":");
}

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_MAC_INVALID",
    message: `MAC address "${text}" is not usable: ${why}`,
    hint: "Write six bytes of which the first is even, as in 02:42:ac:11:00:02.",
    details: { value: text },
  });
}
