import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { endOf } from "../support/lab/process-end.js";
import type { Program } from "../support/lab/program.js";
import { soak } from "../support/soak/soak.js";
import { inspect, useTsdLab } from "./tsd-lab.js";

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
  long.kill("SIGKILL");
  await long.ended;
  await host.mustTsd(["network", "rm", "net"]);
});

test("who only looks waits for no writer, not even where something is to be made good", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "net"]);
  for (const name of ["lives", "dead"]) {
    await host.mustTsd(["run", "-d", "--name", name, "--net", "net", "busybox", "sleep", "600"]);
  }
  const { Id, State } = await inspect(lab(), "dead");
  const supervisor = Number(readFileSync(`${host.runDirectory}/containers/${Id}/conmon.pid`, "utf8"));
  for (const pid of [supervisor, State.Pid]) {
    process.kill(pid, "SIGKILL");
    await endOf(pid);
  }
  const holder = await holdStore(600_000);
  expect(await host.mustTsd(["ps", "-a", "--format", "{{.Name}} {{.State}}"])).toBe("dead exited\nlives running");
  const looks = ["inspect dead", "logs dead", "exec lives true", "port lives", "network ls", "network inspect net"];
  for (const words of [...looks, "image ls", "system info", "explain lives host", "kill -s CONT lives"]) {
    expect(await host.tsd(words.split(" "))).toMatchObject({ code: 0, stderr: "" });
  }
  holder.kill("SIGKILL");
  await holder.ended;
  await host.mustTsd(["rm", "-f", "lives", "dead"]);
  await host.mustTsd(["network", "rm", "net"]);
}, 120_000);
