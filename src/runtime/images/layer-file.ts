import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { type ByteText, bytesOf, byteText } from "./byte-text.js";

const CHUNK = 1 << 18;

/**
 * Reads regular files of an unpacked layer. A path that leads through a symbolic link would end outside the layer, and yields nothing,
 * as does what is no regular file: the digest then shows that something is missing.
 */
export function fileReader(layer: string): (path: ByteText, size: number) => AsyncIterable<Buffer> {
  return async function* read(path, size) {
    const full = bytesOf(`${byteText(layer)}/${path}`);
    const real = await realpath(full, { encoding: "buffer" }).catch(() => undefined);
    const root = await realpath(layer);
    if (real === undefined || !real.equals(bytesOf(`${byteText(root)}/${path}`))) return;
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const file = await open(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return;
      for (let at = 0; at < size; ) {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK, size - at)), 0, undefined, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  };
}
