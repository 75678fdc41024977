import { decodeParts, encodeParts } from "./component-bytes.js";
import type { KeyPart } from "./element.js";
import type { ComponentType } from "./element-sets.js";

interface RawPayload {
  /** nft's expression: which bits of the packet, from the start of the header behind that of IP. */
  readonly expression: string;
  /** Length in bytes. */
  readonly length: number;
}

/**
 * Where a neighbour solicitation or advertisement has its target, and the address in an option that comes first (RFC 4861
 * §4.3, §4.4, §4.6.1); and where VXLAN, behind UDP, has its network identifier (RFC 7348 §5). To nft 1.0.6 these are bits
 * without a name, and their values numbers.
 */
const rawPayloads: Readonly<Partial<Record<ComponentType, RawPayload>>> = {
  nd_ipv6_addr: { expression: "@th,64,128", length: 16 },
  nd_ether_addr: { expression: "@th,208,48", length: 6 },
  vni: { expression: "@th,96,24", length: 3 },
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

/** Of a number as nft prints it: one that fits into 64 bits in decimal, with a sign. Undefined for anything else. */
export function fromRawNumber(type: ComponentType, value: unknown): KeyPart | undefined {
  const { length = 0 } = rawPayloads[type] ?? {};
  if (typeof value === "number" ? !Number.isSafeInteger(value) : !isInteger(value)) return undefined;
  const number = BigInt(value as number | string);
  const digits = (number < 0n ? BigInt.asUintN(64, number) : number).toString(16).padStart(length * 2, "0");
  if (digits.length > length * 2) return undefined;
  return decodeParts([type], Buffer.concat([Buffer.from(digits, "hex"), Buffer.alloc(-length & 3)]))?.[0];
}

function isInteger(value: unknown): boolean {
  return typeof value === "string" && /^(0x[0-9a-f]+|-?\d+)$/.test(value);
}
