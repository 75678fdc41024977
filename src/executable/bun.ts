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

declare global {
  const Bun: Bun;
}
