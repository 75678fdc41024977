import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { monotonicTime } from "../../src/contracts/clock.js";
import { Namespace } from "../support/lab/namespace.js";
import { inspect, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
/** Of one name, each three times; TSD_SOAK_FIGURES: a long run. */
const ROUNDS = process.env.TSD_SOAK_FIGURES === undefined ? 3 : 334;
/** Addresses that it has by turns. */
const PLACES = ["10.20.0.77", "10.20.0.78"] as const;

/** What the name means at each moment between two times; during a command it may mean what it did before or does after. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly meanings: readonly string[];
}

type Answered = readonly [source: string, asked: number, answered: number, said: readonly string[] | string];

test("a client that asks for a name while its container restarts hears an address that it has, or none", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.20.0.1/24", "net"]);
  await host.mustTsd(["run", "-d", "--name", "client", "--net", "net", "busybox", "sleep", "3600"]);
  const pid = (await inspect(lab(), "client")).State.Pid;
  const program = [
    process.execPath,
    resolve("test/support/names/steady-asker.mjs"),
    "web",
    `/proc/${pid}/root/etc/hosts`,
  ];
  const windows: Window[] = [];
  let [now, since] = ["", monotonicTime()];
  const asker = Namespace.of(pid).start(program, { timeout: 3_600_000 });
  await asker.saying("ready");
  const change = async (next: string, ...words: readonly string[]): Promise<void> => {
    const began = monotonicTime();
    await host.mustTsd(words);
    const ended = monotonicTime();
    windows.push({ from: since, to: began, meanings: [now] }, { from: began, to: ended, meanings: ["", now, next] });
    [now, since] = [next, ended];
  };
  for (let round = 0; round < ROUNDS; round++) {
    const address = PLACES[round % 2] as string;
    await change(
      address,
      ...["run", "-d", "--name", "web", "--net", `name=net,ip=${address}`, "busybox", "sleep", "3600"],
    );
    await change("", "stop", "-t", "0", "web");
    await change(address, "start", "web");
    await change(address, "restart", "-t", "0", "web");
    await change("", "rm", "-f", "web");
  }
  windows.push({ from: since, to: Number.POSITIVE_INFINITY, meanings: [now] });
  asker.closeInput();
  const { stdout } = await asker.ended;
  const replies = stdout
    .trim()
    .split("\n")
    .slice(1)
    .map((line): Answered => JSON.parse(line));
  const wrong = replies.filter(
    ([, asked, answered, said]) =>
      !windows.some(({ from, to, meanings }) => answered >= from && asked <= to && meanings.includes(String(said))),
  );
  expect(wrong).toEqual([]);
  expect(new Set(replies.map(([source, , , said]) => `${source} ${said}`))).toEqual(
    new Set(["resolver", "hosts"].flatMap((source) => ["", ...PLACES].map((said) => `${source} ${said}`))),
  );
  await host.mustTsd(["rm", "-f", "client"]);
  await host.mustTsd(["network", "rm", "net"]);
}, 3_600_000);
