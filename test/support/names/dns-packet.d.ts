/** The part of the package that tests use. */
declare module "dns-packet" {
  export interface Question {
    readonly name: string;
    readonly type: string;
    readonly class?: string;
  }
  export interface Answer {
    readonly name: string;
    readonly type: string;
    readonly class?: string;
    readonly ttl?: number;
    readonly data?: unknown;
    readonly udpPayloadSize?: number;
    readonly extendedRcode?: number;
    readonly flags?: number;
    readonly options?: readonly unknown[];
  }
  export interface Packet {
    readonly type?: "query" | "response";
    readonly id?: number;
    readonly flags?: number;
    readonly questions?: readonly Question[];
    readonly answers?: readonly Answer[];
    readonly authorities?: readonly Answer[];
    readonly additionals?: readonly Answer[];
  }
  export interface Decoded extends Required<Packet> {
    readonly rcode: string;
    readonly opcode: string;
    readonly flag_aa: boolean;
    readonly flag_tc: boolean;
    readonly flag_rd: boolean;
    readonly flag_ra: boolean;
    readonly flag_ad: boolean;
    readonly flag_cd: boolean;
  }
  export const AUTHORITATIVE_ANSWER: number;
  export const TRUNCATED_RESPONSE: number;
  export const RECURSION_DESIRED: number;
  export const RECURSION_AVAILABLE: number;
  export const CHECKING_DISABLED: number;
  export const DNSSEC_OK: number;
  export function encode(packet: Packet): Buffer;
  export function decode(message: Buffer): Decoded;
}
