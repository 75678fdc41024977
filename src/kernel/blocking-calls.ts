import koffi, { type KoffiFunc } from "koffi";
import { libcPrototypes } from "./libc-prototypes.js";

type Transfer = (fd: number, data: Buffer, length: number, flags: number) => number;

const bound: { [name in "recv" | "send"]?: KoffiFunc<Transfer> } = {};

/** Makes a call of libc.ts that may block, on a thread of the pool. A failure is a length of -1 and its errno. */
export function callBlocking(
  name: "recv" | "send",
  descriptor: number,
  data: Buffer,
  flags: number,
): Promise<{ readonly length: number; readonly errno: number }> {
  bound[name] ??= koffi.load(null).func(libcPrototypes[name]);
  const call = bound[name];
  return new Promise((resolve, reject) => {
    call.async(descriptor, data, data.length, flags, (error: unknown, length: number) => {
      const errno = koffi.errno();
      if (error) reject(error);
      else resolve({ length, errno });
    });
  });
}
