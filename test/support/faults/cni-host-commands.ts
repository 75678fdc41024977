import { resolve } from "node:path";
import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const options = { CNI_PATH: resolve(".runtime/ecosystems/usr/lib/cni") };
const makeC: Action = ["networks", "create", { name: "c", driver: "cni:bridge", subnets: ["10.82.0.0/24"], options }];
const removeC: Action = ["networks", "remove", "c"];
const web = { image: "busybox", name: "web", command: ["sleep", "600"], publish: ["8080:80"] };
const makeWeb: Action = ["containers", "runDetached", { ...web, networks: [{ network: "c", address: "10.82.0.9" }] }];
const removeWeb: Action = ["containers", "remove", "web", { force: true }];
const removeOther: Action = ["containers", "remove", "other", { force: true }];

/** Networks of CNI's plug-ins, Debian's, that tsd calls. */
export const cniHostCommands: Readonly<Record<string, DoomedCommand>> = {
  "network create, of CNI's bridge": {
    words: [
      ...["network", "create", "--driver", "cni:bridge", "--subnet", "10.82.0.0/24"],
      ...["-o", `CNI_PATH=${options.CNI_PATH}`, "c"],
    ],
    back: [removeC],
  },
  "run -d -p on CNI's bridge": {
    before: [makeC],
    words: [
      ...["run", "-d", "--name", "other", "--net", "c", "--ip", "10.82.0.19", "-p", "8081:80"],
      ...["busybox", "sleep", "600"],
    ],
    back: [removeOther],
    after: [removeC],
  },
  "rm -f on CNI's bridge": {
    before: [makeC, makeWeb],
    words: ["rm", "-f", "web"],
    back: [makeWeb],
    after: [removeWeb, removeC],
  },
};
