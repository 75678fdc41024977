import type { ContainerStats, InterfaceTraffic } from "../api/index.js";

/** What a container used at a moment, beside what the machine had by then. */
export interface Measured {
  readonly stats: ContainerStats;
  /** Nanoseconds that all processors had together, on a clock that never goes back. */
  readonly processorTime: number;
  readonly processors: number;
}

/** Go's time that is none. */
const NEVER = "0001-01-01T00:00:00Z";

/** What docker counts of a disk beside bytes. */
const uncounted = Object.fromEntries(
  ["io_serviced", "io_queue", "io_service_time", "io_wait_time", "io_merged", "io_time", "sectors"].map((name) => [
    `${name}_recursive`,
    [],
  ]),
);

/** One look at a container as docker shows it (Engine API, `ContainerStats`); clients make a share of the processors of two. */
export function engineStats(
  { id, name }: { readonly id: string; readonly name: string },
  now: Measured | undefined,
  earlier: Measured | undefined,
): Readonly<Record<string, unknown>> {
  return {
    name: `/${name}`,
    id,
    read: now?.stats.time ?? NEVER,
    preread: earlier?.stats.time ?? NEVER,
    num_procs: 0,
    pids_stats: now?.stats.pids === undefined ? {} : { current: now.stats.pids },
    cpu_stats: processors(now),
    precpu_stats: processors(earlier),
    memory_stats: memory(now?.stats),
    blkio_stats: { ...uncounted, io_service_bytes_recursive: now === undefined ? null : blocks(now.stats) },
    storage_stats: {},
    ...(now === undefined ? {} : { networks: networks(now.stats.interfaces) }),
  };
}

function processors(measured: Measured | undefined): Readonly<Record<string, unknown>> {
  const stats = measured?.stats;
  const usage = {
    total_usage: stats?.cpu ?? 0,
    usage_in_kernelmode: stats?.cpuKernel ?? 0,
    usage_in_usermode: stats?.cpuUser ?? 0,
  };
  const machine =
    measured === undefined ? {} : { system_cpu_usage: measured.processorTime, online_cpus: measured.processors };
  const { periods = 0, throttledPeriods = 0, throttledTime = 0 } = stats?.throttling ?? {};
  const throttling = { periods, throttled_periods: throttledPeriods, throttled_time: throttledTime };
  return { cpu_usage: usage, ...machine, throttling_data: throttling };
}

function memory(stats: ContainerStats | undefined): Readonly<Record<string, unknown>> {
  if (stats?.memory === undefined) return {};
  return { usage: stats.memory, stats: {}, limit: stats.memoryLimit };
}

/** docker has them by device; tsd has their sums. */
function blocks({ blockRead, blockWritten }: ContainerStats): readonly object[] {
  return Object.entries({ read: blockRead, write: blockWritten }).flatMap(([op, value]) =>
    value === undefined || value === 0 ? [] : [{ major: 0, minor: 0, op, value }],
  );
}

function networks(interfaces: readonly InterfaceTraffic[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    interfaces.map(({ interface: name, received, sent }) => [
      name,
      {
        rx_bytes: received.bytes,
        rx_packets: received.packets,
        rx_errors: 0,
        rx_dropped: received.dropped,
        tx_bytes: sent.bytes,
        tx_packets: sent.packets,
        tx_errors: 0,
        tx_dropped: sent.dropped,
      },
    ]),
  );
}
