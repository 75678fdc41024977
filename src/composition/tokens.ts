import type { ServiceIdentifier } from "inversify";
import type { Extension, Images, NatBackend, OnStep, Plugins, Provider, Sweeper } from "../api/index.js";
import type { AddressBook, ContainerFiles, Host, Processes, Runtime, Store } from "../contracts/index.js";
import type { AskedIpam } from "../engine/contracts/ipam-drivers.js";
import type { ExtensionCatalogue } from "../plugins/extension-catalogue.js";
import type { CredentialSource } from "../registry/credentials.js";
import type { OnDemandService } from "../service/on-demand-service.js";
import type { SqliteStore } from "../store/sqlite-store.js";

/** A name in the container that knows the type of what is bound to it. */
function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol.for(`tsd.${name}`);
}

/** What the parts of tsd are known by in the composition root. Providers and extensions are contributions: bind more of them. */
export const tokens = {
  Settings: token<Settings>("Settings"),
  /** The store with its connection, which only the store's own sweeper asks for. */
  SqliteStore: token<SqliteStore>("SqliteStore"),
  Store: token<Store>("Store"),
  Processes: token<Processes>("Processes"),
  Host: token<Host>("Host"),
  Sweeper: token<Sweeper>("Sweeper"),
  Provider: token<Provider>("Provider"),
  /** Named by kind of resource. Not a {@link tokens.Provider}: those have no name, and so match every one. */
  ExtensionProvider: token<Provider>("ExtensionProvider"),
  NatBackend: token<NatBackend>("NatBackend"),
  Ipam: token<AskedIpam>("Ipam"),
  /** Drivers and link kinds of tsd's own. */
  Extension: token<Extension>("Extension"),
  ExtensionCatalogue: token<ExtensionCatalogue>("ExtensionCatalogue"),
  /** The process that replies to containers that ask for names, as commands see it. */
  Resolver: token<OnDemandService>("Resolver"),
  /** The process that checks containers and rotates their logs, as commands see it. */
  TimerService: token<OnDemandService>("TimerService"),
  /** The process that keeps networks which span hosts in line with the cluster, as commands see it. */
  Agent: token<OnDemandService>("Agent"),
  AddressBook: token<AddressBook>("AddressBook"),
  Runtime: token<Runtime>("Runtime"),
  Files: token<ContainerFiles>("Files"),
  Images: token<Omit<Images, "inspect" | "prune">>("Images"),
  /** What adds and removes plug-ins. */
  Plugins: token<Pick<Plugins, "add" | "remove">>("Plugins"),
} as const;

/** Decided once, when tsd is opened; nothing below reads the environment. */
export interface Settings {
  /** Of the package. */
  readonly version: string;
  readonly root: string;
  readonly run: string;
  readonly runtime?: string;
  /** docker's credentials for registries, and what helpers that keep them need. */
  readonly credentials: CredentialSource;
  /** Directories of plug-ins of CNI, where the environment names them. */
  readonly cniPath?: string;
  readonly nft: "netlink" | "exec";
  /** Absent: whichever the system's iptables is. */
  readonly iptables?: "nft" | "legacy";
  /** The file of host-wide settings; `read` returns undefined if it does not exist. */
  readonly config: { readonly path: string; readonly read: () => unknown };
  readonly warn: (text: string) => void;
  /** Receives each step instead of performing it. */
  readonly dryRun?: OnStep;
  /** State that is lost is given up, with what it listed. */
  readonly forget: boolean;
  /** The same decisions as variables, and where programs are, for a process of tsd's that needs nothing else of its caller. */
  readonly environment: Readonly<Record<string, string>>;
  /** How a container's supervisor calls tsd when the container's process has ended; its id is appended. */
  readonly exitCommand: readonly string[];
}
