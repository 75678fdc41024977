import { resolve } from "node:path";
import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

/** A docker plug-in of networks, from the first command to the last of a row. */
const startPlugin: Action = [
  "shell",
  `mkdir -p /run/docker/plugins
  setsid ${process.execPath} ${resolve("test/support/docker/carrier-plugin.mjs")} \
    /run/docker/plugins/carrier.sock $TSD_ROOT/carrier-books </dev/null >/dev/null 2>&1 &
  echo $! >$TSD_ROOT/carrier-pid
  for i in $(seq 500); do test -S /run/docker/plugins/carrier.sock && exit; sleep 0.02; done; exit 1`,
];
const stopPlugin: Action = [
  "shell",
  `kill $(cat $TSD_ROOT/carrier-pid)
  cd $TSD_ROOT && rm carrier-pid carrier-books && rmdir docker && rm -r /run/docker`,
];
const makeC: Action = ["networks", "create", { name: "c", subnets: ["10.82.0.0/24"], driver: "docker:carrier" }];
const removeC: Action = ["networks", "remove", "c"];
/** The directory of records stays from the first network on. */
const prepare: readonly Action[] = [startPlugin, makeC, removeC];
const networks = [{ network: "c", address: "10.82.0.9" }];
const web = { image: "busybox", name: "web", command: ["sleep", "600"], publish: ["8080:80"], networks };
const makeWeb: Action = ["containers", "runDetached", web];
const removeWeb: Action = ["containers", "remove", "web", { force: true }];

/** Of networks of docker's plug-ins, whose every call is a step. */
export const dockerHostCommands: Readonly<Record<string, DoomedCommand>> = {
  "network create on a docker plug-in": {
    before: prepare,
    words: ["network", "create", "--driver", "docker:carrier", "--subnet", "10.82.0.0/24", "c"],
    back: [removeC],
    after: [stopPlugin],
  },
  "run -d -p on a docker plug-in": {
    before: [...prepare, makeC],
    words: [
      "run",
      "-d",
      "--name",
      "web",
      "--net",
      "c",
      "--ip",
      "10.82.0.9",
      "-p",
      "8080:80",
      "busybox",
      "sleep",
      "600",
    ],
    back: [removeWeb],
    after: [removeC, stopPlugin],
  },
  "rm -f on a docker plug-in": {
    before: [...prepare, makeC, makeWeb],
    words: ["rm", "-f", "web"],
    back: [makeWeb],
    after: [removeWeb, removeC, stopPlugin],
  },
  "network rm on a docker plug-in": {
    before: [...prepare, makeC],
    words: ["network", "rm", "c"],
    back: [makeC],
    after: [removeC, stopPlugin],
  },
};
