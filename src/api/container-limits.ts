/** A limit of getrlimit(2). */
export interface Ulimit {
  /** `nofile`, `nproc`, as ulimit(1) of docker names them. */
  readonly name: string;
  /** In the limit's own unit; −1: none. */
  readonly soft: number;
  readonly hard: number;
}

/** What of the machine a container may use. Values of its cgroup, unless something else is said; absent: no limit. */
export interface ContainerLimits {
  /** Bytes. */
  readonly memory?: number;
  /** Bytes of memory and swap together; −1: swap without limit. Default: twice `memory`. */
  readonly memorySwap?: number;
  /** Bytes that the container keeps when the machine is short of memory. */
  readonly memoryReservation?: number;
  /** How readily pages of its programs are swapped out, 0 to 100; of version 1 of control groups alone. */
  readonly memorySwappiness?: number;
  /** At the memory limit its processes wait, where the kernel would kill one; of version 1 of control groups alone. */
  readonly oomKillDisable?: boolean;
  /** Processors' worth of time, `1.5`. */
  readonly cpus?: number;
  /** Weight beside other containers when all want the processors, 2 to 262144, as which others count; the kernel's is 1024. */
  readonly cpuShares?: number;
  /** Microseconds of processor time in each period; not beside `cpus`. */
  readonly cpuQuota?: number;
  /** Microseconds, 1000 to 1000000; default 100000. */
  readonly cpuPeriod?: number;
  /** `0-2,4`. */
  readonly cpuset?: string;
  /** Memory nodes, likewise. */
  readonly cpusetMems?: string;
  /** Processes and threads; −1: no limit. Default 4096. */
  readonly pidsLimit?: number;
  /** 10 to 1000, beside other containers. */
  readonly blkioWeight?: number;
  /** −1000 to 1000, `oom_score_adj` of proc(5). */
  readonly oomScoreAdj?: number;
  readonly ulimits?: readonly Ulimit[];
  /** Bytes of /dev/shm; default 64 MiB. */
  readonly shmSize?: number;
}

/** Limits that can change while a container runs; what is absent stays. A 0 takes a limit away. */
export type LimitChanges = Pick<
  ContainerLimits,
  | "memory"
  | "memorySwap"
  | "memoryReservation"
  | "cpus"
  | "cpuShares"
  | "cpuQuota"
  | "cpuPeriod"
  | "cpuset"
  | "cpusetMems"
  | "pidsLimit"
  | "blkioWeight"
>;
