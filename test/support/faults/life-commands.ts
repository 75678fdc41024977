import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const timed = {
  ...{
    image: "busybox",
    name: "timed",
    command: ["sleep", "600"],
    networks: [{ network: "a", address: "10.80.0.29" }],
  },
  ...{ health: { test: ["CMD-SHELL", "true"] }, log: { maxSize: 1_000_000, maxFiles: 2 } },
};
const makeTimed: Action = ["containers", "runDetached", timed];
const removeTimed: Action = ["containers", "remove", "timed", { force: true }];

/** Of containers that something is done for from time to time. */
export const lifeCommands: Readonly<Record<string, DoomedCommand>> = {
  "run -d with a health check, and a log in two files": {
    words: [
      ...["run", "-d", "--name", "timed", "--net", "a", "--ip", "10.80.0.29", "--health-cmd", "true"],
      ...["--log-opt", "max-size=1m", "--log-opt", "max-file=2", "busybox", "sleep", "600"],
    ],
    back: [removeTimed],
  },
  "stop of one with a health check, and a log in two files": {
    before: [makeTimed],
    words: ["stop", "-t", "0", "timed"],
    back: [["containers", "start", "timed"]],
  },
};
