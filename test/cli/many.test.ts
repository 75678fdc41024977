import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { Program } from "../support/lab/program.js";
import { soak } from "../support/soak/soak.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** TSD_SOAK_SECONDS makes it long, TSD_SOAK_SEED repeats it, TSD_SOAK_FIGURES names a directory for its figures. */
const { TSD_SOAK_SECONDS: seconds, TSD_SOAK_SEED: given, TSD_SOAK_FIGURES: directory } = process.env;
const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
const duration = Number(seconds ?? 0) * 1000;

test(
  `32 processes at random, with seed ${seed}, keep model, store and kernel in agreement, and leave nothing`,
  async () => {
    const deadline = Date.now() + duration;
    const tally = await soak(lab().host, {
      seed,
      processes: 32,
      commands: 4,
      goesOn: ({ rounds }) => rounds < 2 || Date.now() < deadline,
    });
    const left = await lab().residue();
    const figures = { seed, ...tally, residue: left.length };
    if (directory !== undefined) writeFileSync(`${directory}/many.json`, JSON.stringify(figures));
    expect(tally.failed).toEqual([]);
    expect(left).toEqual([]);
  },
  duration + 180_000,
);

/** Writes to the state database and commits after so many ms. */
async function holdStore(milliseconds: number): Promise<Program> {
  const { host } = lab();
  const script = `
    const { DatabaseSync } = require("node:sqlite");
    const database = new DatabaseSync(process.argv[1]);
    database.exec("BEGIN IMMEDIATE");
    console.log("inside");
    setTimeout(() => database.exec("COMMIT"), ${milliseconds});`;
  const holder = host.start([process.execPath, "--no-warnings", "-e", script, `${host.root}/state.db`]);
  await holder.saying("inside");
  return holder;
}

test("writers wait for another's long transaction, and those that wait in vain name whose it is", async () => {
  const { host } = lab();
  const short = await holdStore(2000);
  await host.mustTsd(["network", "create", "net"]);
  await short.ended;
  const long = await holdStore(15_000);
  const refused = await Promise.all([
    host.tsd(["network", "create", "other"]),
    host.tsd(["network", "rm", "net"]),
    host.tsd(["run", "--rm", "--net", "net", "busybox", "true"]),
  ]);
  for (const { code, stderr } of refused) {
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/^tsd: the state database \S+ is locked by process \d+ \(.*node.*--no-warnings/);
  }
  // A reader waits for nobody.
  expect(await host.mustTsd(["network", "ls", "--format", "{{.Name}}"])).toContain("net");
  long.kill("SIGKILL");
  await long.ended;
  await host.mustTsd(["network", "rm", "net"]);
});
