import { appendFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { useTsdLab } from "../cli/tsd-lab.js";
import { Agent } from "../support/faults/agent.js";
import { doomedCommands } from "../support/faults/commands.js";
import { perform } from "../support/faults/deeds.js";
import { DoomedRun } from "../support/faults/doomed-run.js";

const lab = useTsdLab();

/** What script/soak asks for: a file that takes the figures, and both sides of every step. */
const report = process.env.TSD_SOAK_FAULTS;
/** Moments of kills within steps, as parts of the time that the command takes. */
const moments = report === undefined ? [0.5, 0.7, 0.9] : Array.from({ length: 40 }, (_, at) => 0.3 + at / 50);

test.each(Object.entries(doomedCommands))(
  "%s is killed at every step, and the next command makes it good",
  async (name, command) => {
    const { host } = lab();
    await using agent = new Agent(host);
    await agent.call(["networks", "create", { name: "a", subnets: ["10.80.0.1/24"] }]);
    await agent.call(["networks", "create", { name: "b", subnets: ["10.81.0.1/24"] }]);
    const run = new DoomedRun(lab(), agent, command);
    const took = await run.prepare();
    const kills = await run.killEverywhere(report === undefined ? 2 : 1);
    expect(kills).toBeGreaterThan(0);
    for (const part of moments) await run.killAfter(took * part);
    if (report !== undefined) appendFileSync(report, `${JSON.stringify({ name, kills, moments: moments.length })}\n`);
    await perform(host, agent, command.after ?? []);
    const containers = (await host.mustTsd(["ps", "-aq"])).split("\n").filter(Boolean);
    if (containers.length > 0) await host.mustTsd(["rm", "-f", ...containers]);
    await host.mustTsd(["network", "prune", "--force"]);
  },
  600_000,
);
