/** What the executable's runtime adds to Node.js, as far as tsd uses it. */
export interface Bun {
  plugin(plugin: { readonly name: string; setup(build: PluginBuild): void }): void;
  file(descriptor: number): { stream(): ReadableStream<Uint8Array>; writer(): FileSink };
}

interface PluginBuild {
  module(name: string, load: () => { readonly exports: object; readonly loader: "object" }): void;
}

/** Writes without blocking, and does not close its descriptor. */
export interface FileSink {
  write(chunk: Uint8Array): number | Promise<number>;
  flush(): number | Promise<number>;
  end(): number | Promise<number>;
  /** What cannot be written does not keep the process. */
  unref(): void;
}

/** A type of C's, by the runtime's word; `_fast` is a number as long as it is a safe one. */
export type ForeignType = "i32" | "u32" | "u64_fast" | "i64_fast" | "ptr";

export interface ForeignCall {
  readonly args: readonly ForeignType[];
  readonly returns: ForeignType;
}

/** A function of C's; a pointer is a buffer, an address, or absent. */
export type BoundCall = (...values: readonly unknown[]) => number | bigint;

/** The module `bun:ffi`. */
export interface ForeignFunctions {
  dlopen(
    library: string,
    calls: Readonly<Record<string, ForeignCall>>,
  ): { readonly symbols: Readonly<Record<string, BoundCall>> };
  readonly read: { i32(address: number, offset: number): number };
}

declare global {
  const Bun: Bun;
}
