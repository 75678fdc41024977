/**
 * The numbers of an IPv4 address of four decimal numbers without leading zeros (RFC 6943 §3.1.1, "strict"); undefined for any
 * other text. By hand, since each command would compile the regular expressions of ipaddr.js and node:net, for 5 ms.
 */
export function readIPv4(text: string): readonly number[] | undefined {
  const parts = text.split(".", 5);
  const numbers = parts.map(Number);
  const isDecimal = numbers.every((number, at) => number >= 0 && number <= 255 && String(number) === parts[at]);
  return numbers.length === 4 && isDecimal ? numbers : undefined;
}
