import { resolve } from "node:path";
import type { Action } from "./actions.js";
import type { DoomedCommand } from "./doomed-command.js";

const config = {
  ...{ cniVersion: "1.1.0", name: "c", type: "tsd", subnet: "10.82.0.1/24" },
  runtimeConfig: { ips: ["10.82.0.9"], portMappings: [{ hostPort: 8081, containerPort: 80, protocol: "tcp" }] },
};
const input = JSON.stringify(config);
const env = { CNI_CONTAINERID: "c1", CNI_IFNAME: "eth0", CNI_NETNS: "/run/netns/pod", CNI_PATH: "/usr/lib/cni" };
const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);

/** The plug-in as a runtime calls it. */
function called(CNI_COMMAND: string): Pick<DoomedCommand, "words" | "launcher" | "input" | "env"> {
  return { words: [], launcher: "tsd-cni", input, env: { ...env, CNI_COMMAND } };
}

function calling(command: string): Action {
  const words = ["env", ...variables, `CNI_COMMAND=${command}`, resolve("bin/tsd-cni")];
  return ["shell", `echo '${input}' | ${words.join(" ")}`];
}

const addNetns: Action = ["shell", "ip netns add pod"];
const removeNetns: Action = ["shell", "ip netns delete pod"];
/** As the first ADD makes it. */
const labels = { "cni.configuration": JSON.stringify({ subnets: ["10.82.0.1/24"] }) };
const makeNetwork: Action = ["networks", "create", { name: "c", subnets: ["10.82.0.1/24"], labels }];
const removeNetwork: Action = ["networks", "remove", "c"];
const [add, del] = [calling("ADD"), calling("DEL")];

export const cniCommands: Readonly<Record<string, DoomedCommand>> = {
  "CNI's ADD, the first": {
    before: [addNetns],
    ...called("ADD"),
    between: [makeNetwork],
    back: [del, removeNetwork],
    after: [removeNetns],
  },
  "CNI's DEL": { before: [addNetns, add], ...called("DEL"), back: [add], after: [del, removeNetns] },
};
