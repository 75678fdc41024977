import type { InNetns } from "../../api/index.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/** One plug-in of a list, as the file or the options have it. */
export interface CniPlugin extends JsonObject {
  /** Name of the program. */
  readonly type: string;
}

/** What the specification calls a network configuration list (SPEC.md, section 1). */
export interface CniList {
  readonly name: string;
  /** Versions that it may be used with; absent: any. */
  readonly versions?: readonly string[];
  readonly disableCheck?: boolean;
  readonly disableGc?: boolean;
  readonly plugins: readonly CniPlugin[];
}

/** What each call needs to know, so that removal needs neither the file nor the driver. */
interface OfList {
  readonly list: CniList;
  /** Directories of plug-ins. */
  readonly directories: readonly string[];
}

/** A network of CNI: its plug-ins are there, and agree on a version. */
export interface CniNetwork extends OfList {
  readonly kind: "cni-network";
  /** Of the network's row. */
  readonly id: string;
  readonly name: string;
}

/** An attachment in the specification's sense: what the plug-ins make of one ADD. */
export interface CniAttachment extends InNetns, OfList {
  readonly kind: "cni-attachment";
  /** Of the endpoint, and what plug-ins take for the container's. */
  readonly id: string;
  /** Id of the network. */
  readonly network: string;
  readonly netns: string;
  /** Of the interface. */
  readonly name: string;
  /** Values of `runtimeConfig` by capability; each plug-in gets those that it is capable of. */
  readonly capabilities: JsonObject;
  /** With prefix length: those that tsd leased. Absent: the plug-ins decide. */
  readonly addresses?: readonly string[];
}

declare module "../../api/index.js" {
  interface ResourceKinds {
    "cni-network": CniNetwork;
    "cni-attachment": CniAttachment;
  }
}
