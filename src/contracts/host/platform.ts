/** A part of the kernel that may be built in, loaded, loadable or missing. */
export interface KernelFeature {
  /** After "this kernel has no": `overlay file system`. */
  readonly name: string;
  /** For modprobe(8); absent for what can only be built in. */
  readonly module?: string;
  /** `CONFIG_OVERLAY_FS`. */
  readonly config: string;
}

/** What the kernel counts of one of its tables, by the names of its columns. */
export type TableStatistics = Readonly<Record<string, number>>;

/** The kernel and the programs beside it. */
export interface Platform {
  /** A kernel parameter by its path below /proc/sys; undefined where it does not exist. */
  parameter(key: string): string | undefined;
  /**
   * Of `nf_conntrack`, `arp_cache` or `ndisc_cache`; undefined where the kernel shows none. Those of neighbours are the whole
   * machine's, and shown to its first namespace alone.
   */
  tableStatistics(table: string): TableStatistics | undefined;
  /** Why it makes no links of type wireguard that carry IPv6, as a clause; undefined where it does. Asking changes nothing. */
  lacksWireguard(): string | undefined;
  /** What the kernel lacks of links and file systems; asking changes nothing. */
  missingFeatures(): readonly KernelFeature[];
  /** Throws `unsupported` naming the package of a program that is not installed. */
  requireProgram(name: string): Promise<void>;
}
