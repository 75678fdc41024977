import { setTimeout as sleep } from "node:timers/promises";
import type { Attachment, Container, ContainerRow, Streams } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { NetworkUseCases } from "./networks.js";
import type { Parts } from "./parts.js";
import { planRun, type RunPlan, runtimeSpec } from "./run-plan.js";
import type { Teardown } from "./teardown.js";
import { undoOnFailure } from "./undo-on-failure.js";

/** The network of containers that name none; made when the first one needs it. */
const defaultNetwork = { name: "bridge", options: { name: "tsd0" } } as const;

/** Milliseconds that another command may take to make or remove the default network. */
const patience = 10_000;

export interface Started {
  readonly container: Container;
  readonly attachment: Attachment | undefined;
}

/** From a container that does not run to one that does, or back without a trace. */
export class ContainerStarter {
  constructor(
    private readonly parts: Parts,
    private readonly networks: NetworkUseCases,
    private readonly teardown: Teardown,
  ) {}

  async start(ref: string, streams?: Streams): Promise<Started> {
    const { store } = this.parts;
    const host = await this.parts.host();
    const network = await this.networkOf(store.containers.resolve(ref).container);
    const plan = store.transaction(() => planRun(this.parts, host, { ref, network, attached: streams !== undefined }));
    return undoOnFailure(
      () => this.carryOut(plan, streams),
      () => this.teardown.run(plan.row),
    );
  }

  private async carryOut({ row, endpoints }: RunPlan, streams: Streams | undefined): Promise<Started> {
    const { store, reconciler, paths } = this.parts;
    const runtime = await this.parts.runtime();
    const spec = runtimeSpec(paths, store, row.container);
    await reconciler.ensure([...row.resources, ...endpoints.flatMap(({ resources }) => resources)]);
    const { pid, start } = await runtime.create(spec);
    const attachment = streams === undefined ? undefined : await runtime.attach(spec, streams);
    await runtime.start(row.id);
    const { exitCode: _exitCode, finishedAt: _finishedAt, ...container } = row.container;
    const running: ContainerRow = {
      ...row,
      state: "ready",
      container: { ...container, status: "running", pid, pidStart: start, startedAt: new Date().toISOString() },
    };
    store.transaction(() => {
      store.containers.update(running);
      for (const endpoint of endpoints) store.endpoints.update({ ...endpoint, state: "ready" });
    });
    return { container: running.container, attachment };
  }

  private async networkOf({ spec }: Container): Promise<string> {
    const name = spec.network ?? defaultNetwork.name;
    if (name === defaultNetwork.name) await this.prepareDefaultNetwork();
    return name;
  }

  /** Makes the default network, or waits while another command does: the first two containers often come at once. */
  private async prepareDefaultNetwork(): Promise<void> {
    const { store, processes } = this.parts;
    const deadline = performance.now() + patience;
    for (;;) {
      const row = store.networks.list().find(({ network }) => network.name === defaultNetwork.name);
      if (row === undefined) await this.createDefaultNetwork();
      // One that is still not ready then is refused by name when the endpoint is planned.
      else if (row.state === "ready" || !processes.isAlive(row.owner) || performance.now() > deadline) return;
      else await sleep(2);
    }
  }

  private async createDefaultNetwork(): Promise<void> {
    try {
      await this.networks.create(defaultNetwork);
    } catch (error) {
      if (!TsdError.is(error) || error.code !== "TSD_NETWORK_EXISTS") throw error;
    }
  }
}
