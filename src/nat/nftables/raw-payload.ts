import { decodeParts, encodeParts } from "./component-bytes.js";
import type { KeyPart } from "./element.js";
import type { ComponentType } from "./element-sets.js";

interface RawPayload {
  /** nft's expression: which bits of the packet, from the start of the ICMPv6 header. */
  readonly expression: string;
  /** Length in bytes. */
  readonly length: number;
}

/**
 * Where a neighbour solicitation or advertisement has its target, and the address in an option that comes first (RFC 4861
 * §4.3, §4.4, §4.6.1). To nft 1.0.6 these are bits without a name, and their values numbers.
 */
const rawPayloads: Readonly<Partial<Record<ComponentType, RawPayload>>> = {
  nd_ipv6_addr: { expression: "@th,64,128", length: 16 },
  nd_ether_addr: { expression: "@th,208,48", length: 6 },
};

/** What nft calls a type for which it has no name; undefined where it has. */
export function rawExpression(type: ComponentType): string | undefined {
  return rawPayloads[type]?.expression;
}

/** A part as nft's JSON takes it: a number in hexadecimal, where nft knows no more of its type. */
export function toRawNumber(type: ComponentType | undefined, part: KeyPart): KeyPart {
  const raw = type && rawPayloads[type];
  if (type === undefined || raw === undefined) return part;
  return `0x${encodeParts([type], [part]).toString("hex", 0, raw.length)}`;
}

/** Of a number as nft prints it: in decimal where it fits into 64 bits. Undefined for anything else. */
export function fromRawNumber(type: ComponentType, value: unknown): KeyPart | undefined {
  const { length = 0 } = rawPayloads[type] ?? {};
  const isNumber = typeof value === "number" ? Number.isSafeInteger(value) && value >= 0 : isHex(value);
  if (!isNumber) return undefined;
  const digits = BigInt(value as number | string)
    .toString(16)
    .padStart(length * 2, "0");
  return decodeParts([type], Buffer.concat([Buffer.from(digits, "hex"), Buffer.alloc(-length & 3)]))?.[0];
}

function isHex(value: unknown): boolean {
  return typeof value === "string" && /^0x[0-9a-f]+$/.test(value);
}
