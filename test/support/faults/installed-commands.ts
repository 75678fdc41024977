import { resolve } from "node:path";
import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const plugin: Action = ["tsd", "plugin", "add", resolve("test/support/plugins/lamps.mjs")];
const unplug: readonly Action[] = [
  ["plugins", "remove", "lamps"],
  ["shell", "rmdir $TSD_ROOT/plugins/work $TSD_ROOT/plugins"],
];
const makeC: Action = ["networks", "create", { name: "c", driver: "lit", subnets: ["10.82.0.0/24"] }];
const removeC: Action = ["networks", "remove", "c"];
const onC = { networks: [{ network: "c", address: "10.82.0.9" }] };
const makeWeb: Action = [
  "containers",
  "runDetached",
  { image: "busybox", name: "web", command: ["sleep", "600"], ...onC },
];
const removeWeb: Action = ["containers", "remove", "web", { force: true }];

/** The life of a network whose driver an installed plug-in brings, along with a kind of resource of its own. */
export const installedCommands: Readonly<Record<string, DoomedCommand>> = {
  "network create by a plug-in": {
    before: [plugin],
    words: ["network", "create", "--driver", "lit", "--subnet", "10.82.0.0/24", "c"],
    back: [removeC],
    after: unplug,
  },
  "run -d by a plug-in": {
    before: [plugin, makeC],
    words: ["run", "-d", "--name", "web", "--net", "c", "--ip", "10.82.0.9", "busybox", "sleep", "600"],
    back: [removeWeb],
    after: [removeC, ...unplug],
  },
  "rm -f by a plug-in": {
    before: [plugin, makeC, makeWeb],
    words: ["rm", "-f", "web"],
    back: [makeWeb],
    after: [removeWeb, removeC, ...unplug],
  },
  "network rm by a plug-in": {
    before: [plugin, makeC],
    words: ["network", "rm", "c"],
    back: [makeC],
    after: [removeC, ...unplug],
  },
};
