import type { HostSettings, Provider } from "../../api/index.js";
import type { AddressBook, LoadHost, Processes, Runtime, Store } from "../../contracts/index.js";
import type { Drivers } from "./drivers.js";
import type { IpamDrivers } from "./ipam-drivers.js";

/** What the use cases are made of. Each takes the few it needs; the composition root makes them all. */
export interface Parts {
  readonly store: Store;
  readonly processes: Processes;
  /** Over the providers of all kinds. */
  readonly applier: Pick<Provider, "ensure" | "remove" | "inspect">;
  readonly addressBook: AddressBook;
  readonly drivers: Drivers;
  /** Those of third parties. */
  readonly ipam: IpamDrivers;
  readonly host: LoadHost;
  readonly runtime: () => Promise<Runtime>;
  readonly paths: Paths;
  /** Where the unpacked layer of that digest lies. */
  readonly layerDirectory: (digest: string) => string;
  /** Warns the user in one sentence about what works, but not as they may expect. */
  readonly warn: (text: string) => void;
  /** The host-wide settings in force. */
  readonly settings: () => HostSettings;
}

/** Where tsd keeps its files. */
export interface Paths {
  /** Survives a reboot. */
  readonly root: string;
  /** Does not. */
  readonly run: string;
}
