import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { habitsOf, prelude, topics } from "../support/habits/habits.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ shared: true });
const work = () => resolve(lab().host.root, "../work");

beforeAll(async () => {
  const { host } = lab();
  mkdirSync(work());
  await host.mustTsd(["network", "create", "--subnet", "10.77.0.0/24", "habits"]);
  const served = ["busybox", "sh", "-c", "echo page >/tmp/index.html; exec httpd -f -h /tmp"];
  await host.mustTsd(
    ["run", "-d", "--name", "web", "--network", "habits", "-p", "8090:80", "-l", "habit=yes"].concat(served),
  );
});

for (const topic of topics) {
  describe(topic, () => {
    test.each(habitsOf(topic))("$words", async ({ script }) => {
      const { host } = lab();
      const places = [`TSD=${resolve("bin/tsd")}`, `WORK=${work()}`];
      const { code, stderr } = await host.run(["env", ...places, "sh", "-c", `${prelude}\n${script}`]);
      expect(code === 0 ? "" : stderr || `code ${code}`).toBe("");
    });
  });
}

test("nothing is left of all that", async () => {
  const { host } = lab();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "habits"]);
  await host.mustTsd(["volume", "prune", "-a", "-f"]);
  await removeDefaultNetwork(lab());
  rmSync(work(), { recursive: true });
  expect(await lab().residue()).toEqual([]);
});
