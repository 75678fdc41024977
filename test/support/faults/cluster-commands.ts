import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const create = ["network", "create", "--driver", "overlay", "--subnet", "10.84.0.0/16", "-o", "vni=85", "wide"];
const make: Action = ["tsd", ...create];
const remove: Action = ["tsd", "network", "rm", "wide"];
const joining = ["cluster", "join", "--local", "--name", "alone"];
const join: Action = ["tsd", ...joining];
const leave: Action = ["tsd", "cluster", "leave"];

/**
 * How a host comes into a cluster, which is one of its own here, as {@link doomedCommands}.
 * `cluster rotate-keys` changes nothing where the kernel has no WireGuard: it is killed at each step over a kernel of memory, in
 * `test/unit/engine/cluster`.
 */
export const clusterCommands: Readonly<Record<string, DoomedCommand>> = {
  // The first of all makes the database, which stays: a run after it has fewer steps.
  "cluster join": { before: [join, leave], words: joining, back: [leave] },
  "cluster leave": { before: [join], words: ["cluster", "leave"], back: [join], after: [leave] },
  "network create of one that spans hosts": { before: [join], words: create, back: [remove], after: [leave] },
  "network rm of one that spans hosts": {
    before: [join, make],
    words: ["network", "rm", "wide"],
    back: [make],
    after: [remove, leave],
  },
  "network update of one that spans hosts": {
    before: [join, make],
    words: ["network", "update", "--label", "tier=front", "wide"],
    back: [["tsd", "network", "update", "--label-rm", "tier", "wide"]],
    after: [remove, leave],
  },
};
