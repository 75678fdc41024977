import { dirname } from "node:path";
import type { RuntimeProcess } from "../../../src/api/index.js";
import type { Exit, RuntimeSpec } from "../../../src/contracts/index.js";
import type { FakeKernel } from "./fake-kernel.js";
import type { ProcessTable } from "./process-table.js";

interface FakeContainer {
  readonly spec: RuntimeSpec;
  readonly process: RuntimeProcess;
  state: "waiting" | "running" | "ended";
  exit?: Exit;
  readonly onEnd: (() => void)[];
}

/**
 * Container processes and their supervisors, which outlive tsd. A container's command says what it does: `exit N` ends by
 * itself at once, `stubborn` obeys no signal but KILL, and anything else lives until a signal comes.
 */
export class FakeContainers {
  private readonly known = new Map<string, FakeContainer>();
  /** Ids of containers with logs. */
  readonly logs = new Set<string>();

  constructor(
    private readonly kernel: () => FakeKernel,
    private readonly processes: ProcessTable,
  ) {}

  create(spec: RuntimeSpec): RuntimeProcess {
    this.refuseMisuse(spec);
    const process = this.processes.spawn();
    this.known.set(spec.id, { spec, process, state: "waiting", onEnd: [] });
    this.logs.add(spec.id);
    return process;
  }

  start(id: string): void {
    const container = this.require(id, "waiting");
    container.state = "running";
    const [word, code] = container.spec.command;
    if (word === "exit") this.end(id, Number(code));
  }

  /** Ends the container's process, as if by itself. */
  end(id: string, code: number, at = new Date()): void {
    const container = this.known.get(id);
    if (container === undefined || container.state === "ended") return;
    container.state = "ended";
    container.exit = { code, at: at.toISOString() };
    this.processes.end(container.process.pid);
    for (const wake of container.onEnd) wake();
  }

  kill(id: string, signal: string): void {
    const numbers: Readonly<Record<string, number>> = { TERM: 15, KILL: 9 };
    const isStubborn = this.known.get(id)?.spec.command[0] === "stubborn";
    if (signal === "KILL" || !isStubborn) this.end(id, 128 + (numbers[signal] ?? 0));
  }

  remove(id: string): void {
    this.end(id, 137);
    this.known.delete(id);
  }

  forget(id: string): void {
    if (this.isAlive(id)) this.kernel().misuse.refuse(`logs of living container ${id} removed`);
    this.logs.delete(id);
  }

  exit(id: string): Exit | undefined {
    return this.known.get(id)?.exit;
  }

  async ended(id: string): Promise<void> {
    const container = this.known.get(id);
    if (container?.state === "waiting" || container?.state === "running")
      await new Promise<void>((wake) => container.onEnd.push(wake));
  }

  /** Throws unless the container is in one of these states. */
  require(id: string, ...states: readonly FakeContainer["state"][]): FakeContainer {
    const container = this.known.get(id);
    if (container !== undefined && states.includes(container.state)) return container;
    return this.kernel().misuse.refuse(
      `container ${id} is ${container?.state ?? "unknown"}, not ${states.join(" or ")}`,
    );
  }

  isInhabited(netns: string): boolean {
    return [...this.known.values()].some(({ spec, state }) => spec.netns === netns && state !== "ended");
  }

  isAlive(id: string): boolean {
    const state = this.known.get(id)?.state;
    return state === "waiting" || state === "running";
  }

  /** Ids of containers that a supervisor or run-time files exist for. */
  ids(): readonly string[] {
    return [...this.known.keys()];
  }

  private refuseMisuse({ id, netns, rootfs, binds }: RuntimeSpec): void {
    const { misuse, links, files } = this.kernel();
    if (this.known.has(id)) misuse.refuse(`container ${id} created twice`);
    if (netns !== undefined && !links.hasNamespace(netns)) misuse.refuse(`container ${id} in no namespace`);
    if (files.has(rootfs) && !files.isMounted(rootfs)) misuse.refuse(`container ${id} has no root`);
    const directory = dirname(binds[0]?.source ?? "");
    const own = binds.filter(({ source }) => dirname(source) === directory);
    for (const { source } of own) if (!files.has(source)) misuse.refuse(`bind of ${source}, which does not exist`);
  }
}
