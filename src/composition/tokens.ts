import type { OnStep } from "../api/index.js";

/** What the parts of tsd are known by in the composition root. Providers and drivers are contributions: bind more of them. */
export const tokens = {
  Settings: Symbol.for("tsd.Settings"),
  Store: Symbol.for("tsd.Store"),
  Processes: Symbol.for("tsd.Processes"),
  Host: Symbol.for("tsd.Host"),
  Sweeper: Symbol.for("tsd.Sweeper"),
  Provider: Symbol.for("tsd.Provider"),
  NatBackend: Symbol.for("tsd.NatBackend"),
  NetworkDriver: Symbol.for("tsd.NetworkDriver"),
  IpamDriver: Symbol.for("tsd.IpamDriver"),
  Runtime: Symbol.for("tsd.Runtime"),
  Images: Symbol.for("tsd.Images"),
} as const;

/** Decided once, when tsd is opened; nothing below reads the environment. */
export interface Settings {
  /** Of the package. */
  readonly version: string;
  readonly root: string;
  readonly run: string;
  readonly runtime?: string;
  readonly nft: "netlink" | "exec";
  /** Absent: whichever the system's iptables is. */
  readonly iptables?: "nft" | "legacy";
  /** The file of host-wide settings; `read` answers undefined where it is not there. */
  readonly config: { readonly path: string; readonly read: () => unknown };
  readonly warn: (text: string) => void;
  /** Hears of each step in place of its being taken. */
  readonly dryRun?: OnStep;
  /** State that is lost is given up, with what it listed. */
  readonly forget: boolean;
  /** How a container's supervisor calls tsd when the container's process has ended; its id is appended. */
  readonly exitCommand: readonly string[];
}
