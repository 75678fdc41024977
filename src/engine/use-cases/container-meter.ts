import type { ContainerStats, InterfaceTraffic, PortBinding, ProcessList, StatsOptions } from "../../api/index.js";
import type { ContainerRow, EndpointRow, PublishedTraffic } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { lives, runOf } from "../rows/active-container.js";
import { requireRunning } from "../rows/require-running.js";

/** What containers use, as the kernel counts it at this moment. */
export class ContainerMeter {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly published: () => Promise<PublishedTraffic>,
  ) {}

  async top(ref: string, options: readonly string[] = []): Promise<ProcessList> {
    const row = requireRunning(this.parts, ref);
    const runtime = await this.parts.runtime();
    return runtime.top(runOf(this.parts.processes, row), options);
  }

  async stats(ref: string, options?: StatsOptions): Promise<ContainerStats> {
    const row = requireRunning(this.parts, ref);
    const [stats] = await this.measure([row], options);
    // It has ended meanwhile, which the same look says in words.
    return stats ?? this.stats(row.id, options);
  }

  async statsOf(refs: readonly string[], options?: StatsOptions): Promise<readonly ContainerStats[]> {
    const rows = refs.flatMap((ref) => {
      try {
        return [requireRunning(this.parts, ref)];
      } catch (error) {
        if (TsdError.is(error, "conflict") || TsdError.is(error, "not-found")) return [];
        throw error;
      }
    });
    return this.measure(rows, options);
  }

  private async measure(
    rows: readonly ContainerRow[],
    { ports = false }: StatsOptions = {},
  ): Promise<readonly ContainerStats[]> {
    const { store } = this.parts;
    const endpointsOf = new Map(rows.map((row) => [row.id, this.endpointsOf(row)]));
    const bindings = ports ? [...endpointsOf.values()].flat().flatMap(({ endpoint }) => endpoint.ports) : [];
    const count = bindings.length === 0 ? () => [] : (await this.published()).count();
    const names = new Map(store.networks.list().map(({ id, network }) => [id, network.name]));
    const found: ContainerStats[] = [];
    for (const row of rows) {
      const endpoints = endpointsOf.get(row.id) ?? [];
      const stats = await this.one(row, endpoints, (id) => names.get(id));
      const addresses = (of: EndpointRow): readonly string[] => of.endpoint.addresses;
      if (stats === undefined) continue;
      const traffic = endpoints.flatMap((of) =>
        of.endpoint.ports.flatMap((binding: PortBinding) => (ports ? count(binding, addresses(of)) : [])),
      );
      found.push({ ...stats, ports: traffic });
    }
    return found;
  }

  /** Of its namespace, whichever container those belong to that shares it. */
  private endpointsOf({ container: { sandbox } }: ContainerRow): readonly EndpointRow[] {
    return sandbox?.netns === undefined ? [] : this.parts.store.endpoints.ofNetns(sandbox.netns);
  }

  /** Undefined for one that has ended meanwhile: its counters may be those of another process. */
  private async one(
    row: ContainerRow,
    endpoints: readonly EndpointRow[],
    nameOf: (networkId: string) => string | undefined,
  ): Promise<Omit<ContainerStats, "ports"> | undefined> {
    const { processes } = this.parts;
    const { id, container } = row;
    const usage = await (await this.parts.runtime()).usage(runOf(processes, row));
    if (!lives(processes, row)) return undefined;
    const interfaces = container.sandbox?.netns === undefined ? [] : usage.interfaces;
    return {
      id,
      name: container.name,
      time: new Date().toISOString(),
      ...usage,
      interfaces: interfaces.map((one): InterfaceTraffic => {
        const endpoint = endpoints.find((row) => row.endpoint.interface === one.interface)?.endpoint;
        const network = endpoint === undefined ? undefined : nameOf(endpoint.networkId);
        return network === undefined ? one : { ...one, network };
      }),
    };
  }
}
