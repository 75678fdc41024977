import { expect, test } from "@jest/globals";
import { perform } from "../support/faults/actions.js";
import { doomedCommands } from "../support/faults/commands.js";
import { DoomedRun } from "../support/faults/doomed-run.js";
import { useGuest } from "./guest.js";

const guest = useGuest({ iptables: true });

/** Commands, and where each dies: before the step of that number, counted as `test/support/faults/kill-at.mjs` does. */
const deaths: Readonly<Record<string, readonly number[]>> = {
  "network create, IPv6 and icc=false": [4, 10, 16],
  "run -d beside a neighbour, linked to it": [6, 20, 34, 48],
  stop: [4, 20],
  "network connect": [10, 30],
  "nat use": [2, 6],
};

test.each(Object.entries(deaths))(
  "%s is killed before steps %j, and the next command makes it good",
  async (name, steps) => {
    const command = doomedCommands[name];
    if (command === undefined) throw new Error(`there is no doomed command "${name}"`);
    const { host, library } = guest();
    await library.call(["networks", "create", { name: "a", subnets: ["10.80.0.1/24"] }]);
    await library.call(["networks", "create", { name: "b", subnets: ["10.81.0.1/24"] }]);
    const run = new DoomedRun(guest(), library, command);
    await run.prepare();
    for (const step of steps) expect(await run.killAt(step)).toBe(true);
    await perform(host, library, command.after ?? []);
    for (const container of ["web", "other"])
      await library.call(["containers", "remove", container, { force: true }]).catch(() => undefined);
    await library.call(["networks", "prune"]);
  },
);
