import type { Protocol } from "../../api/index.js";

/** IANA's assigned internet protocol numbers, <netinet/in.h>. */
const numbers: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 };

export function protocolNumber(protocol: string): number {
  const number = numbers[protocol as Protocol];
  if (number === undefined) throw new RangeError(`protocol ${protocol} has no ports`);
  return number;
}

/** The decimal number itself for a protocol that tsd does not publish. */
export function protocolName(number: number): string {
  return Object.entries(numbers).find(([, candidate]) => candidate === number)?.[0] ?? String(number);
}
