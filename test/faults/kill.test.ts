import { test } from "@jest/globals";
import { useTsdLab } from "../cli/tsd-lab.js";
import { Agent } from "../support/faults/agent.js";
import { doomedCommands } from "../support/faults/commands.js";
import { killEverywhere } from "../support/faults/kill-everywhere.js";

const lab = useTsdLab();

test.each(Object.entries(doomedCommands))(
  "%s is killed at every step, and the next command makes it good",
  async (_name, command) => {
    await using agent = new Agent(lab().host);
    await agent.call(["networks", "create", { name: "a", subnets: ["10.80.0.1/24"] }]);
    await agent.call(["networks", "create", { name: "b", subnets: ["10.81.0.1/24"] }]);
    const t = Date.now();
    try {
    const kills = await killEverywhere({ lab: lab(), agent }, command, 2);
    process.stderr.write(`KILLS ${_name} ${kills} ${Date.now() - t}\n`);
    } finally {
    await agent.call(["containers", "list"]);
    for (const name of ["web", "guest", "other"]) await agent.call(["containers", "remove", name, { force: true }]).catch(() => undefined);
    for (const name of ["a", "b", "c", "bridge"]) await agent.call(["networks", "remove", name]).catch(() => undefined);
    }
  },
  600_000,
);
