export interface StatsOptions {
  /** Counts traffic by published port too, for which the kernel lists its connections: 0.1 s for 100,000 of them. */
  readonly ports?: boolean;
}

/** What a container uses, counted by the kernel since its run began, in bytes where nothing else is said. */
export interface ContainerStats {
  readonly id: string;
  readonly name: string;
  /** RFC 3339; two snapshots together say how much is used per second. */
  readonly time: string;
  /** Processor time in nanoseconds; undefined where no control group counts it. */
  readonly cpu?: number;
  /** How much of {@link cpu} programs and the kernel took, as exactly as the kernel counts these: version 1 of control groups in 10 ms. */
  readonly cpuUser?: number;
  readonly cpuKernel?: number;
  /** How often and how long the limit of its processors held it back; undefined where no control group counts that. */
  readonly throttling?: Throttling;
  /** Without the page cache that can be given back at once, as docker counts it. */
  readonly memory?: number;
  /** The container's own limit, or all memory of the machine. */
  readonly memoryLimit: number;
  /** Processes and threads. */
  readonly pids?: number;
  readonly blockRead?: number;
  readonly blockWritten?: number;
  /** Of its namespace, but for loopback; empty where it has the host's. */
  readonly interfaces: readonly InterfaceTraffic[];
  /** Its published ports; empty unless {@link StatsOptions.ports}. */
  readonly ports: readonly PortTraffic[];
}

export interface Throttling {
  /** Spans of the limit in which it ran, and those in which it was held back. */
  readonly periods: number;
  readonly throttledPeriods: number;
  /** Nanoseconds. */
  readonly throttledTime: number;
}

/** Bytes and packets as the container sees them. */
export interface InterfaceTraffic {
  readonly interface: string;
  /** Name of the network behind it, if it is one of tsd's. */
  readonly network?: string;
  readonly received: Traffic;
  readonly sent: Traffic;
}

export interface Traffic {
  readonly bytes: number;
  readonly packets: number;
  readonly dropped: number;
}

/**
 * Of connections through a published port that the kernel tracks at this moment (conntrack): one that is over is counted no more.
 * Bytes need net.netfilter.nf_conntrack_acct.
 */
export interface PortTraffic {
  readonly protocol: string;
  /** Absent: any address of the host's. */
  readonly hostIp?: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly connections: number;
  /** Undefined where the kernel does not count them. */
  readonly received?: number;
  readonly sent?: number;
}
