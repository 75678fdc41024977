/** A file of the host in the form of resolv.conf(5). */
export interface ResolverFile {
  readonly path: string;
  readonly text: string;
  /** Addresses, perhaps with a zone. */
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** The host's name, and by what it finds the addresses of others. */
export interface Resolver {
  /**
   * /etc/resolv.conf, without text where it is missing, then the files that exist in which a resolver on the host's
   * loopback lists the servers that it asks.
   */
  resolverFiles(): readonly [ResolverFile, ...ResolverFile[]];
  hostname(): string;
  /** Addresses of a machine by its name, as programs of this one find them; none for a name that is not known now. */
  lookup(name: string): Promise<readonly string[]>;
  /** The text of /etc/hosts, see hosts(5); empty where the file is missing. */
  hostsFile(): string;
}
