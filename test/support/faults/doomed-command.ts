import type { Action } from "./actions.js";

/** A command that changes something, and how to come to where it starts. `ROOT` stands for the state directory. */
export interface DoomedCommand {
  /** From the standing world to where the command starts. */
  readonly before?: readonly Action[];
  readonly words: readonly string[];
  /** Name of the program in bin; default `tsd`. */
  readonly launcher?: string;
  /** What standard input holds. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The ordinary command that makes good; default one that lists containers. */
  readonly next?: readonly Action[];
  /** From where the command has ended back to where it starts. */
  readonly back: readonly Action[];
  /**
   * From where it starts to what users know as a part of it; a command of one change has none. After a repair that was cut
   * short, any part may be repaired.
   */
  readonly between?: readonly Action[] | "any part";
  /** Takes away what is there at the start beside containers and networks. */
  readonly after?: readonly Action[];
}
