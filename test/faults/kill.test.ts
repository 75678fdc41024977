import { appendFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { useTsdLab } from "../cli/tsd-lab.js";
import { perform } from "../support/faults/actions.js";
import { Agent } from "../support/faults/agent.js";
import { doomedCommands } from "../support/faults/commands.js";
import { DoomedRun } from "../support/faults/doomed-run.js";
import { everyPoint, samplePoints } from "../support/faults/kill-points.js";

const lab = useTsdLab({ iptables: true });

/** TSD_SOAK_FIGURES names a directory for the figures of a long run, which kills on both sides of each step. */
const { TSD_SOAK_FIGURES: directory } = process.env;
const isLong = directory !== undefined;
const choosePoints = isLong ? everyPoint : samplePoints(4);
/** Moments of kills that may be within a step, as parts of the time that the command takes. */
const moments = isLong ? Array.from({ length: 8 }, (_, at) => 0.2 + at / 10) : [0.5, 0.8];

test.each(Object.entries(doomedCommands))(
  "%s is killed at its steps, and the next command makes it good",
  async (name, command) => {
    const { host } = lab();
    await using agent = new Agent(host);
    await agent.call(["networks", "create", { name: "a", subnets: ["10.80.0.1/24"] }]);
    await agent.call(["networks", "create", { name: "b", subnets: ["10.81.0.1/24"] }]);
    const run = new DoomedRun(lab(), agent, command, isLong ? 1 : 4);
    const { took, events } = await run.prepare();
    let kills = 0;
    for (const at of choosePoints(events)) if (await run.killAt(at)) kills += 1;
    expect(kills).toBeGreaterThan(0);
    for (const part of moments) await run.killAfter(took * part);
    await run.runWhole();
    const figures = JSON.stringify({ name, kills, moments: moments.length });
    if (directory !== undefined) appendFileSync(`${directory}/kills`, `${figures}\n`);
    await perform(host, agent, command.after ?? []);
    const containers = (await host.mustTsd(["ps", "-aq"])).split("\n").filter(Boolean);
    if (containers.length > 0) await host.mustTsd(["rm", "-f", ...containers]);
    await host.mustTsd(["network", "prune", "--force"]);
  },
  600_000,
);
