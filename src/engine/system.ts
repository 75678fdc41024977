import { release } from "node:os";
import { API_VERSION, type NatBackend, type Runtime, type System, type SystemInfo } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Parts } from "./parts.js";

export interface Installation {
  readonly version: string;
  readonly node: SystemInfo["node"];
  readonly transport: string;
}

export class SystemUseCases implements System {
  constructor(
    private readonly parts: Pick<Parts, "store" | "drivers" | "runtime" | "paths">,
    private readonly nat: () => Promise<NatBackend>,
    private readonly installation: Installation,
  ) {}

  async info(): Promise<SystemInfo> {
    const { store, drivers, paths } = this.parts;
    const { version, node, transport } = this.installation;
    const containers = store.containers.list();
    const running = containers.filter(({ container }) => container.status === "running");
    return {
      version,
      apiVersion: API_VERSION,
      node,
      kernel: release(),
      root: paths.root,
      run: paths.run,
      drivers: [...drivers.keys()].sort(),
      nat: { ...(await this.natState()), transport },
      runtime: await runtimeVersions(await this.parts.runtime()),
      networks: store.networks.list().length,
      containers: { total: containers.length, running: running.length },
      images: store.images.list().length,
    };
  }

  private async natState(): Promise<Omit<SystemInfo["nat"], "transport">> {
    const backend = await this.nat();
    const availability = await backend.probe();
    if (availability.usable) return { backend: backend.name, version: availability.version };
    return { backend: backend.name, version: `unusable: ${availability.reason}. ${availability.hint}` };
  }
}

/** What is missing is part of the answer here, not a reason to give none. */
async function runtimeVersions(runtime: Runtime): Promise<SystemInfo["runtime"]> {
  try {
    return await runtime.versions();
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    return { unusable: [error.message, error.hint].filter(Boolean).join(". ") };
  }
}
