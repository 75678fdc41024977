import { resolve } from "node:path";
import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

/** The plug-in, hidden with the directory that it is in once the rows are over. */
const above = "/usr/local/lib";
const script = `exec ${process.execPath} ${resolve("test/support/hosts/netavark-plugin.mjs")} "$@"`;
const addPlugin: Action = [
  "shell",
  `mount -t tmpfs -o mode=755 plugins ${above}; mkdir ${above}/netavark; cd ${above}/netavark; printf '#!/bin/sh\\n%s\\n' '${script}' > vrouter; chmod 755 vrouter`,
];
const removePlugin: Action = ["shell", `umount ${above}; rmdir $TSD_ROOT/netavark`];

const network = { name: "c", driver: "netavark:vrouter", subnets: ["10.82.0.1/24"] };
const words = ["--driver", "netavark:vrouter", "--subnet", "10.82.0.1/24"];
const makeC: Action = ["networks", "create", network];
const removeC: Action = ["networks", "remove", "c"];
const web = {
  ...{ image: "busybox", name: "web", command: ["sleep", "600"], publish: ["8080:80"] },
  networks: [{ network: "c", address: "10.82.0.9" }],
};
const runWeb: Action = ["containers", "runDetached", web];
const removeWeb: Action = ["containers", "remove", "web", { force: true }];

/** Rows of a network's life whose interfaces a plug-in of netavark's makes. The directory of all such networks stays. */
export const netavarkCommands: Readonly<Record<string, DoomedCommand>> = {
  "network create by netavark's plug-in": {
    before: [addPlugin, makeC, removeC],
    words: ["network", "create", ...words, "c"],
    back: [removeC],
    after: [removePlugin],
  },
  "run on a network of netavark's plug-in": {
    before: [addPlugin, makeC],
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
    after: [removeC, removePlugin],
  },
  "rm -f on a network of netavark's plug-in": {
    before: [addPlugin, makeC, runWeb],
    words: ["rm", "-f", "web"],
    back: [runWeb],
    between: "any part",
    after: [removeWeb, removeC, removePlugin],
  },
};
