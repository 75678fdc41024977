import type { IpamDriver, NetworkDriver, Provider } from "../api/index.js";

/**
 * The plug-ins of others' container engines, which are programs and sockets of this machine: there is a driver for each name
 * that is found there. What comes back from them is read and bounded by the ecosystem itself.
 */
export interface Ecosystem {
  /** Before the colon of its drivers' names: `cni` of `cni:bridge`. */
  readonly prefix: string;
  /** Kinds of resources that drivers of it list. */
  readonly kinds: readonly string[];
  /** What is made when the first list needs it. */
  provider(): Promise<Provider>;
  /** Its driver of that name, such as `cni:bridge`; undefined for a name that it does not take. Calls no plug-in. */
  driver(name: string): NetworkDriver | undefined;
  /** The same for `--ipam-driver`. */
  ipam?(name: string): IpamDriver | undefined;
  /** Names, with the prefix, of the plug-ins found on this machine, for people to choose from. */
  found(): { readonly drivers: readonly string[]; readonly ipam: readonly string[] };
}

/** What networks have by tsd's rows, which a plug-in that names links and routes may not take from them. */
export interface Claims {
  /** The name of a network that uses a link of the host, made by tsd or not, leaving out those of the driver. */
  networkWith(link: string, driver: string): string | undefined;
  /** Of the networks other than `network`, given by its id, that the namespace is on. */
  subnetsBeside(netns: string, network: string): readonly { readonly cidr: string; readonly network: string }[];
}
