import { TsdError } from "../errors/tsd-error.js";

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

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_MAC_INVALID",
    message: `MAC address "${text}" is not usable: ${why}`,
    hint: "Write six bytes of which the first is even, as in 02:42:ac:11:00:02.",
    details: { value: text },
  });
}
