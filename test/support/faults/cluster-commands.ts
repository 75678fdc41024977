import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const joining = ["cluster", "join", "--local", "--name", "alone"];
const join: Action = ["tsd", ...joining];
const leave: Action = ["tsd", "cluster", "leave"];

/** How a host comes into a cluster, which is one of its own here, as {@link doomedCommands}. */
export const clusterCommands: Readonly<Record<string, DoomedCommand>> = {
  "cluster join": { words: joining, back: [leave] },
  "cluster leave": { before: [join], words: ["cluster", "leave"], back: [join], after: [leave] },
};
