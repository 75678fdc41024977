import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

/** A plug-in as one file, of the driver that it brings; and a later version of it. */
const plugin = (driver: string): string =>
  `export default { name: "late", apiVersion: 1, drivers: [{ type: "${driver}", parseOptions: (raw) => raw,
    capabilities: { needsIpam: false, publishes: false, namespace: "own", singleton: false },
    parseEndpointOptions: (raw) => raw, network: () => [], endpoint: () => [] }] };`;
const writePlugins: Action = [
  "shell",
  `printf '%s' '${plugin("late")}' > $TSD_ROOT/late.mjs; printf '%s' '${plugin("later")}' > $TSD_ROOT/later.mjs`,
];
const removePlugins: Action = ["shell", "cd $TSD_ROOT && rm late.mjs later.mjs && rmdir plugins/work plugins"];
const addLate: Action = ["tsd", "plugin", "add", "ROOT/late.mjs"];
const removeLate: Action = ["plugins", "remove", "late"];

/** Rows of the commands that install plug-ins. The directory of all plug-ins stays from the first one on. */
export const pluginCommands: Readonly<Record<string, DoomedCommand>> = {
  "plugin add": {
    before: [writePlugins, addLate, removeLate],
    words: ["plugin", "add", "ROOT/late.mjs"],
    next: [["system", "gc"]],
    back: [removeLate],
    after: [removePlugins],
  },
  "plugin add of another version": {
    before: [writePlugins, addLate],
    words: ["plugin", "add", "ROOT/later.mjs"],
    next: [["system", "gc"]],
    back: [addLate],
    after: [removeLate, removePlugins],
  },
  "plugin rm": {
    before: [writePlugins, addLate],
    words: ["plugin", "rm", "late"],
    next: [["system", "gc"]],
    back: [addLate],
    after: [removeLate, removePlugins],
  },
};
