import type { Drift } from "./provider.js";

/** One step of a packet on its way. */
export interface Hop {
  /** Where the packet is: `container web`, `bridge br-5f3a…`, `prerouting`. */
  readonly place: string;
  /** Path of the network namespace that it gets to there; absent where that is not named. */
  readonly netns?: string;
  /** What becomes of it there, in words. */
  readonly what: string;
  /** The rule or element of the packet filter that does it, in the words of its tools; absent where none does. */
  readonly by?: string;
  /** What the kernel has not as tsd made it; absent where all is there. */
  readonly drifts?: readonly Drift[];
  /** Where the kernel sends the packet in place of that, in words. */
  readonly amiss?: string;
}

export interface Verdict {
  readonly reaches: boolean;
  /** tsd does not know whether it reaches anyone, and `reaches` is false. */
  readonly unknown?: boolean;
  /** Who gets the packet, in words: `container db`, `the host`, `another machine`. */
  readonly server?: string;
  /** Name of another host of the network, to which this one hands the packet; what becomes of it there is not predicted. */
  readonly host?: string;
  /** The address at which the server gets it, with the port where there is one: `10.10.10.3:80`, `[fd00::3]:80`. */
  readonly at?: string;
  /** The address under which the server sees the caller; a CIDR where that is any of it; absent where it is not known. */
  readonly seenAs?: string;
  /** One sentence. */
  readonly why: string;
  /** What would open the way, or repair it. */
  readonly hint?: string;
  /** Those of it that tsd itself can do, the least change first; absent for none. */
  readonly remedies?: readonly Remedy[];
}

/** A command of tsd's that would open a way, or repair it. */
export interface Remedy {
  /** What it does, in words. */
  readonly what: string;
  /** The words behind `tsd`. */
  readonly command: readonly string[];
}

/** The way of the first packet of a connection, as tsd made it and as the kernel has it. */
export interface Explanation {
  /** By whom the caller finds the name that it was said to call, in one sentence; absent for an address, and for callers with other names. */
  readonly named?: string;
  readonly hops: readonly Hop[];
  readonly verdict: Verdict;
  /** What is not tsd's and may yet decide otherwise, a server that does not listen for one; each in one sentence. */
  readonly cautions: readonly string[];
}

/** Which containers reach which. */
export interface ReachMatrix {
  /** `ping`, or a port with its protocol: `5432/tcp`. */
  readonly target: string;
  /** Containers that run, by name. */
  readonly names: readonly string[];
  /** Containers of other hosts, which are called alone: on networks that span hosts, as far as those are few. */
  readonly elsewhere: readonly { readonly host: string; readonly name: string }[];
  /** How many endpoints on how many other hosts are left out; absent where none is. */
  readonly others?: { readonly hosts: number; readonly endpoints: number };
  /**
   * A row for each caller, in the order of `names`; in it a verdict for each that is called, in the order of `names` and behind them
   * `elsewhere`; as {@link System.explain} has it.
   */
  readonly verdicts: readonly (readonly Verdict[])[];
}

export interface ReachMatrixOptions {
  /** `PORT[/PROTOCOL]`; default a ping. */
  readonly port?: string;
  /** Only containers on that network, by name or id prefix. */
  readonly network?: string;
}
