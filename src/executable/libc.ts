import type { Libc } from "../kernel/libc.js";
import { type LibcCall, libcPrototypes } from "../kernel/libc-prototypes.js";
import type { BoundCall, ForeignCall, ForeignFunctions, ForeignType } from "./bun.js";

/** glibc's name; musl takes it for its own library. The process has it already, so no file is opened. */
const LIBRARY = "libc.so.6";

let loaded: Libc | undefined;

/**
 * Of src/kernel/libc.ts: the runtime calls the C library itself, without koffi, whose add-on costs a command 4 ms of processor time.
 * koffi still makes the calls that wait in a thread.
 */
export function libc(): Libc {
  loaded ??= load();
  return loaded;
}

/** Each call is bound at its first use. */
function load(): Libc {
  const { dlopen, read } = process.getBuiltinModule("bun:ffi") as unknown as ForeignFunctions;
  const bound = (name: string, call: ForeignCall): BoundCall => {
    const { [name]: found } = dlopen(LIBRARY, { [name]: call }).symbols;
    if (found === undefined) throw new Error(`the C library has no ${name}`);
    return found;
  };
  // One address for each thread, for its whole life.
  let errnoAddress: number | undefined;
  const errno = (): number => {
    errnoAddress ??= Number(bound("__errno_location", { args: [], returns: "ptr" })());
    return read.i32(errnoAddress, 0);
  };
  errno();
  const calls = { errno };
  for (const [name, prototype] of Object.entries(libcPrototypes)) {
    const bind = (): unknown => {
      const value = callOf(prototype, (call) => bound(name, call));
      Object.defineProperty(calls, name, { value, writable: true });
      return value;
    };
    Object.defineProperty(calls, name, { configurable: true, enumerable: true, get: bind });
  }
  return calls as Libc;
}

/** The runtime's words for C's types. */
const types: Readonly<Record<string, ForeignType>> = {
  int: "i32",
  "unsigned int": "u32",
  uint32_t: "u32",
  "unsigned long": "u64_fast",
  size_t: "u64_fast",
  int64_t: "i64_fast",
  "void *": "ptr",
  "const void *": "ptr",
  "const char *": "ptr",
};

const TEXT = "const char *";

function callOf(prototype: (typeof libcPrototypes)[LibcCall], bind: (call: ForeignCall) => BoundCall): BoundCall {
  const [, returns = "", list = ""] = /^(\w+) \w+\((.*)\)$/.exec(prototype) ?? [];
  const args = list.split(", ");
  const call = bind({ args: args.map(typeOf), returns: typeOf(returns) });
  if (!args.includes(TEXT)) return call;
  return (...values) => call(...values.map((value) => (typeof value === "string" ? Buffer.from(`${value}\0`) : value)));
}

function typeOf(word: string): ForeignType {
  const type = types[word];
  if (type === undefined) throw new Error(`the C type ${word} is not known`);
  return type;
}
