import type { Tsd } from "../../../src/api/index.js";

/** What a test lets its fake do. */
export interface FakeParts {
  readonly networks?: Partial<Tsd["networks"]>;
  readonly containers?: Partial<Tsd["containers"]>;
  readonly images?: Partial<Tsd["images"]>;
  readonly volumes?: Partial<Tsd["volumes"]>;
  readonly diskUsage?: Tsd["diskUsage"];
  readonly plugins?: Partial<Tsd["plugins"]>;
  readonly cluster?: Partial<Tsd["cluster"]>;
  readonly system?: Partial<Tsd["system"]>;
  readonly unfinished?: unknown;
}

/** A library that can do only what a test gives it: every other call is an error, and so is one after `close`. */
export class FakeTsd implements Tsd {
  closed = false;
  readonly networks: Tsd["networks"];
  readonly endpoints: Tsd["endpoints"];
  readonly containers: Tsd["containers"];
  readonly images: Tsd["images"];
  readonly volumes: Tsd["volumes"];
  readonly plugins: Tsd["plugins"];
  readonly cluster: Tsd["cluster"];
  readonly system: Tsd["system"];
  readonly unfinished: unknown;

  constructor(private readonly parts: FakeParts = {}) {
    this.networks = this.guard("networks", parts.networks);
    this.endpoints = this.guard("endpoints");
    this.containers = this.guard("containers", parts.containers);
    this.images = this.guard("images", parts.images);
    this.volumes = this.guard("volumes", parts.volumes);
    this.plugins = this.guard("plugins", parts.plugins);
    this.cluster = this.guard("cluster", parts.cluster);
    this.system = this.guard("system", parts.system);
    this.unfinished = parts.unfinished;
  }

  async diskUsage(): Promise<Awaited<ReturnType<Tsd["diskUsage"]>>> {
    if (this.parts.diskUsage === undefined) throw new Error("unexpected use of tsd.diskUsage");
    return this.parts.diskUsage();
  }

  close(): void {
    this.closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private guard<T extends object>(area: string, part: Partial<T> = {}): T {
    return new Proxy(part, {
      get: (target, name) => {
        if (this.closed) throw new Error(`tsd.${area}.${String(name)} is used after close`);
        if (!(name in target)) throw new Error(`unexpected use of tsd.${area}.${String(name)}`);
        return target[name as keyof T];
      },
    }) as T;
  }
}
