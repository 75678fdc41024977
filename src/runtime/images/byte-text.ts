/**
 * Names in archives are bytes, and need not be UTF-8. They are kept as texts with one character for each byte (latin1), so
 * that none changes on its way, and all operations on paths work.
 */
export type ByteText = string;

export function byteText(text: string): ByteText {
  return Buffer.from(text, "utf8").toString("latin1");
}

export function bytesOf(text: ByteText): Buffer {
  return Buffer.from(text, "latin1");
}

/** As a person reads it; what is no UTF-8 is replaced. */
export function readable(text: ByteText): string {
  return bytesOf(text).toString("utf8");
}
