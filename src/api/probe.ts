import type { SendSignal, Streams } from "./container.js";
import type { Explanation } from "./explain.js";

/** What came of a packet that was really sent. */
export interface ProbeFact {
  /**
   * `open`: a connection was made; `reply`: an answer came back; `refused`: the other side, or what stands for it, said no;
   * `unreachable`: the kernel could not send it, or a router said so; `silence`: nothing came within three seconds.
   */
  readonly outcome: "open" | "reply" | "refused" | "unreachable" | "silence";
  /** The kernel's own words. */
  readonly detail?: string;
}

/** A prediction beside the fact. */
export interface Probe {
  readonly prediction: Explanation;
  /** What was called, with the port where there is one. */
  readonly at?: string;
  /** Absent where nothing could be sent, since caller or called are not there; in a dry run, too. */
  readonly fact?: ProbeFact;
  /** Whether they agree; absent where that cannot be known: silence may be the reply of a server of UDP. */
  readonly agrees?: boolean;
}

export interface CaptureOptions {
  /** Name or id of a network: capture on the interface there. Default: the only interface, or all of them. */
  readonly network?: string;
  /** Arguments of the program that captures, tcpdump(8), tshark(1) or dumpcap(1). */
  readonly args?: readonly string[];
  readonly streams: Streams;
  /** Receives the program once it runs, to pass signals on to it. */
  readonly onStart?: (send: SendSignal) => void;
}
