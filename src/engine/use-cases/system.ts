import { release } from "node:os";
import {
  API_VERSION,
  type CaptureOptions,
  type Change,
  type Explanation,
  type Finding,
  type ForwardDrop,
  type HostDrift,
  type HostMap,
  type HostSettings,
  type Probe,
  type ReachMatrix,
  type ReachMatrixOptions,
  type System,
  type SystemInfo,
} from "../../api/index.js";
import type { Runtime } from "../../contracts/index.js";
import { nanoseconds } from "../../contracts/instant.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { Doctor } from "../doctor/doctor.js";
import type { DriftRepair } from "../drift/drift-repair.js";
import type { OrphanCollector } from "../drift/orphan-collector.js";
import type { Explain } from "../explain/explain.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { readMap } from "../map/read-map.js";
import type { NatSelection } from "../nat/nat-selection.js";
import type { NatSwitch } from "../nat/nat-switch.js";
import { nextChange } from "../rows/next-change.js";
import type { Reconfiguration } from "../settings/reconfiguration.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { ChainOpening } from "../updates/chain-opening.js";
import { capturePackets } from "./capture.js";
import { containerDetails } from "./container-details.js";

export interface Installation {
  readonly version: string;
  readonly javascript: SystemInfo["javascript"];
  readonly transport: string;
}

/** What is set for the host as a whole. */
export interface HostWide {
  readonly reconfiguration: Reconfiguration;
  readonly natSelection: NatSelection;
  readonly natSwitch: NatSwitch;
  readonly adaptations: Pick<Adaptations, "follow">;
  readonly recovery: Pick<Recovery, "retry">;
  readonly driftRepair: DriftRepair;
  readonly orphanCollector: OrphanCollector;
  readonly doctor: Doctor;
  readonly chainOpening: ChainOpening;
  /** Loaded when it is asked for: no other command needs it. */
  readonly explain: () => Promise<Explain>;
  /** Likewise. */
  readonly readMap: () => Promise<typeof readMap>;
}

export class SystemUseCases implements System {
  constructor(
    private readonly parts: Pick<
      Parts,
      "store" | "drivers" | "runtime" | "paths" | "processes" | "host" | "layerDirectory" | "elsewhere"
    >,
    private readonly hostWide: HostWide,
    private readonly installation: Installation,
  ) {}

  init(settings: HostSettings, options: { readonly reset?: boolean } = {}): Promise<HostSettings> {
    return this.hostWide.reconfiguration.init(settings, options);
  }

  doctor(): Promise<readonly Finding[]> {
    return this.hostWide.doctor.examine();
  }

  fix(): Promise<readonly ForwardDrop[]> {
    return this.hostWide.chainOpening.open();
  }

  async explain(from: string, to: string): Promise<Explanation> {
    return (await this.hostWide.explain()).explain(from, to);
  }

  async probe(from: string, to: string): Promise<Probe> {
    return (await this.hostWide.explain()).probe(from, to);
  }

  capture(target: string, options: CaptureOptions): Promise<number> {
    return capturePackets(this.parts, target, options);
  }

  async explainMatrix(options: ReachMatrixOptions = {}): Promise<ReachMatrix> {
    return (await this.hostWide.explain()).matrix(options);
  }

  async check(): Promise<readonly HostDrift[]> {
    // Who only looks takes no lock, and waits for none.
    if (this.parts.store.isIdle()) await this.hostWide.recovery.retry();
    return this.hostWide.driftRepair.check();
  }

  async map(options: Parameters<System["map"]>[0] = {}): Promise<HostMap> {
    const drifts = options.drifts ?? (await this.check());
    const read = await this.hostWide.readMap();
    return read(this.parts, { drifts, containers: containerDetails(this.parts, this.parts.store.containers.list()) });
  }

  async gc(options: Parameters<System["gc"]>[0] = {}): ReturnType<System["gc"]> {
    await this.hostWide.recovery.retry();
    return this.hostWide.orphanCollector.free(options);
  }

  async reload(): ReturnType<System["reload"]> {
    await this.hostWide.recovery.retry();
    return this.hostWide.driftRepair.reload();
  }

  async *events(options: Parameters<System["events"]>[0] = {}): AsyncIterable<Change> {
    const { changes } = this.parts.store;
    const [since, until] = [options.since, options.until].map((at) => (at === undefined ? undefined : nanoseconds(at)));
    let number = options.all || since !== undefined ? 0 : changes.newest();
    for (;;) {
      const seen = this.parts.store.revision();
      const isOver = until !== undefined && BigInt(Date.now()) * 1_000_000n > until;
      for (const change of changes.after(number)) {
        number = change.number;
        const at = nanoseconds(change.time) ?? 0n;
        if ((since === undefined || at >= since) && (until === undefined || at <= until)) yield change;
      }
      if (isOver || options.follow === false) return;
      const patience = until === undefined ? undefined : Number(until / 1_000_000n) - Date.now() + 1;
      await nextChange(this.parts.store, {
        since: seen,
        signal: options.signal,
        ...(patience === undefined ? {} : { patience }),
      });
    }
  }

  async useNat(backend: string, options: { readonly force?: boolean } = {}): Promise<string> {
    const used = await this.hostWide.natSwitch.use(backend, options);
    // Without tsd's own drops no chain of others is to accept what is for containers.
    await this.hostWide.adaptations.follow();
    return used;
  }

  async info(): Promise<SystemInfo> {
    const { store, drivers, paths } = this.parts;
    const { version, javascript, transport } = this.installation;
    const containers = store.containers.list();
    const running = containers.filter(({ container }) => container.status === "running");
    return {
      version,
      apiVersion: API_VERSION,
      javascript,
      kernel: release(),
      root: paths.root,
      run: paths.run,
      drivers: drivers.names(),
      nat: { ...(await this.natState()), transport },
      runtime: await runtimeVersions(await this.parts.runtime()),
      networks: store.networks.list().length,
      containers: { total: containers.length, running: running.length },
      images: store.images.list().length,
    };
  }

  private async natState(): Promise<Omit<SystemInfo["nat"], "transport">> {
    const { natSelection } = this.hostWide;
    try {
      const { active, why } = await natSelection.state();
      try {
        return { backend: active, why, version: await natSelection.requireUsable(active) };
      } catch (error) {
        return { backend: active, why, version: "", problem: inWords(error) };
      }
    } catch (error) {
      return { backend: "none", why: "", version: "", problem: inWords(error) };
    }
  }
}

/** What is missing is part of the answer here, not a reason to give none. */
async function runtimeVersions(runtime: Runtime): Promise<SystemInfo["runtime"]> {
  try {
    return await runtime.versions();
  } catch (error) {
    return { problem: inWords(error) };
  }
}

function inWords(error: unknown): string {
  if (!TsdError.is(error)) throw error;
  return [error.message, error.hint].filter(Boolean).join(". ");
}
