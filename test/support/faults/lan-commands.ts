import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

/** A network "c" on the wire to the internet, or of cables of its own. */
const c = { name: "c", subnets: ["10.82.0.0/24"] };
const makeLan: Action = ["networks", "create", { ...c, driver: "macvlan", options: { parent: "uplink0" } }];
const makeCables: Action = ["networks", "create", { ...c, driver: "ptp", subnets: ["10.82.0.0/24", "fd00:82::/64"] }];
const removeC: Action = ["networks", "remove", "c"];

const web = { image: "busybox", name: "web", command: ["sleep", "600"], publish: ["8080:80"] };
const onC = { network: "c", address: "10.82.0.9" };
const makeWeb: Action = ["containers", "runDetached", { ...web, networks: [{ network: "a" }] }];
const onCables = { ...onC, address6: "fd00:82::9" };
const makeWebOnC: Action = ["containers", "runDetached", { ...web, networks: [onC] }];
const makeWebOnCables: Action = ["containers", "runDetached", { ...web, networks: [onCables] }];
const stopWeb: Action = ["containers", "stop", "web", 0];
const removeWeb: Action = ["containers", "remove", "web", { force: true }];
const removeOther: Action = ["containers", "remove", "other", { force: true }];
const connectWeb: Action = ["networks", "connect", "web", onC];
const disconnectWeb: Action = ["networks", "disconnect", "web", "c"];
const runOther = (...flags: readonly string[]) => [
  ...["run", "-d", "--name", "other", "--net", "c", "--ip", "10.82.0.19"],
  ...[...flags, "busybox", "sleep", "600"],
];

/** Of networks whose containers have no port on a bridge. */
export const lanCommands: Readonly<Record<string, DoomedCommand>> = {
  "network create, macvlan": {
    words: ["network", "create", "--driver", "macvlan", "-o", "parent=uplink0", "--subnet", "10.82.0.0/24", "c"],
    back: [removeC],
  },
  "run -d on macvlan": { before: [makeLan], words: runOther(), back: [removeOther], after: [removeC] },
  "restart on macvlan": {
    before: [makeLan, makeWebOnC],
    words: ["restart", "-t", "0", "web"],
    back: [],
    between: [stopWeb],
    after: [removeWeb, removeC],
  },
  "network connect to macvlan": {
    before: [makeLan, makeWeb],
    words: ["network", "connect", "--ip", "10.82.0.9", "c", "web"],
    back: [disconnectWeb],
    after: [removeWeb, removeC],
  },
  "network disconnect from macvlan": {
    before: [makeLan, makeWeb, connectWeb],
    words: ["network", "disconnect", "c", "web"],
    back: [connectWeb],
    after: [removeWeb, removeC],
  },
  "run -d -p on ptp": {
    before: [makeCables],
    words: runOther("--ip6", "fd00:82::19", "-p", "8081:80"),
    back: [removeOther],
    after: [removeC],
  },
  "rm -f on ptp": {
    before: [makeCables, makeWebOnCables],
    words: ["rm", "-f", "web"],
    back: [makeWebOnCables],
    after: [removeWeb, removeC],
  },
};
