const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;
/** Both highest bits: the rest of the name is elsewhere in the message (RFC 1035 §4.1.4). */
const POINTER = 0xc0;

const DOT = 0x2e;
const BACKSLASH = 0x5c;
const text = Buffer.alloc(LONGEST_NAME * 4);

export interface NameInMessage {
  /** Letters of ASCII in lower case (RFC 4343), without the last dot; what is no plain character of a label as `\DDD`. */
  readonly name: string;
  readonly end: number;
}

/** Reads a name that is written out. Undefined if it is longer than names are, leads elsewhere, or ends after the message. */
export function readName(message: Buffer, start: number): NameInMessage | undefined {
  let at = start;
  let written = 0;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > LONGEST_LABEL) return undefined;
    at += 1;
    const end = at + length;
    if (end - start > LONGEST_NAME || end > message.length) return undefined;
    if (length === 0) return { name: text.toString("latin1", 0, written), end };
    if (written > 0) text[written++] = DOT;
    for (; at < end; at += 1) written = writeCharacter(message[at] as number, written);
  }
}

/** A dot or a zero in a label must not look like the end of it: names that differ are texts that differ. */
function writeCharacter(octet: number, at: number): number {
  if (octet <= 0x20 || octet >= 0x7f || octet === DOT || octet === BACKSLASH) {
    text[at] = BACKSLASH;
    text[at + 1] = 0x30 + Math.floor(octet / 100);
    text[at + 2] = 0x30 + (Math.floor(octet / 10) % 10);
    text[at + 3] = 0x30 + (octet % 10);
    return at + 4;
  }
  text[at] = octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
  return at + 1;
}

/** Where a name ends that may be compressed. Undefined if it ends after the message. What a pointer leads to is not read. */
export function skipName(message: Buffer, start: number): number | undefined {
  let at = start;
  for (;;) {
    const length = message[at];
    if (length === undefined) return undefined;
    if (length === 0) return at + 1;
    if (length >= POINTER) return at + 2 <= message.length ? at + 2 : undefined;
    if (length > LONGEST_LABEL) return undefined;
    at += 1 + length;
  }
}

/** The octets of a name in plain characters. Undefined for a name that has no form in DNS. */
export function encodeName(name: string): Buffer | undefined {
  const labels = name.split(".");
  if (labels.some((label) => label === "" || label.length > LONGEST_LABEL)) return undefined;
  const octets = Buffer.from(`\0${labels.join("\0")}\0`, "latin1");
  if (octets.length > LONGEST_NAME) return undefined;
  let at = 0;
  for (const { length } of labels) {
    octets[at] = length;
    at += 1 + length;
  }
  return octets;
}
