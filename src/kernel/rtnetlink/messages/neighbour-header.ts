/** `struct ndmsg` of <linux/neighbour.h>: family u8, pads u8 and u16, index i32, state u16, flags u8, type u8. */
export const NEIGHBOUR_HEADER_LENGTH = 12;
export const NEIGHBOUR_STATE_AT = 8;
export const NEIGHBOUR_FLAGS_AT = 10;

export interface NeighbourHeader {
  readonly family: number;
  /** Index of the link. */
  readonly link: number;
  /** NUD_… */
  readonly state?: number;
  /** NTF_… */
  readonly flags?: number;
}

/** What messages about neighbours and about tables of bridges and tunnels begin with. */
export function neighbourHeader({ family, link, state = 0, flags = 0 }: NeighbourHeader): Buffer {
  const header = Buffer.alloc(NEIGHBOUR_HEADER_LENGTH);
  header.writeUInt8(family, 0);
  header.writeInt32LE(link, 4);
  header.writeUInt16LE(state, NEIGHBOUR_STATE_AT);
  header.writeUInt8(flags, NEIGHBOUR_FLAGS_AT);
  return header;
}
