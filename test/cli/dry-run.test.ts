import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@jest/globals";
import type { Step } from "../../src/api/index.js";
import type { Host } from "../support/lab/host.js";
import { residue } from "../support/lab/residue.js";
import { foreseen, rulesOfIptables, seen } from "./foreseen.js";
import { insideNamespaces } from "./inside-namespaces.js";
import { plannedRules, sentRules } from "./sent-rules.js";
import { inspect, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ iptables: true });

type Environment = Readonly<Record<string, string>>;

/** All that is there, without others' cgroups and how many packets met a rule. */
async function everything(host: Host): Promise<readonly string[]> {
  const lines = await residue(host);
  return [...lines, ...(await rulesOfIptables(host)), ...(await insideNamespaces(host))]
    .filter((line) => !line.startsWith("cgroup "))
    .map((line) => line.replace(/"packets":\d+,"bytes":\d+/g, ""));
}

/** Plans a command, runs it, and compares what it sent to packet filters, and what it did, with what was planned. */
async function compare(argv: readonly string[], env: Environment = {}): Promise<void> {
  const { host } = lab();
  const [words, rest] = argv[0] === "run" ? [["run"], argv.slice(1)] : [argv, []];
  const before = await everything(host);
  const steps: readonly Step[] = JSON.parse(await host.mustTsd([...words, "--dry-run", "--json", ...rest], { env }));
  expect(await everything(host)).toEqual(before);
  const { code, stderr } = await host.tsd(argv, { env: { ...env, TSD_DEBUG: "1" } });
  expect({ code, rules: sentRules(stderr) }).toEqual({ code: 0, rules: plannedRules(steps) });
  const expected = { argv, ...foreseen(steps, before) };
  const done = async () => ({ argv, ...seen(before, await everything(host)) });
  // The kernel takes a dropped namespace apart in its own time.
  for (const deadline = Date.now() + 5000; Date.now() < deadline && !isDeepStrictEqual(await done(), expected); );
  expect(await done()).toEqual(expected);
}

const networkOf = (name: string, ...subnets: readonly string[]) => [
  ...["network", "create", name],
  ...subnets.flatMap((subnet) => ["--subnet", subnet]),
];
const web = networkOf("web", "10.10.10.0/24", "fd00:10::/64");
const run = ["run", "-d", "--name", "www", "--net", "web", "-p", "8080:80", "busybox", "sleep", "60"];
const addPorts = ["port", "add", "www", "9090:90/udp", "127.0.0.1:9000-9004:9000-9004"];

test("a container comes, goes on another network, starts again and goes: as its dry runs said, which change nothing", async () => {
  const commands = [
    ...[web, ["run", "--rm", "--net", "web", "-p", "8080:80", "busybox", "true"]],
    ...[run, networkOf("back", "10.20.10.0/24"), ["network", "connect", "back", "www"], addPorts],
    ...[
      ["port", "rm", "www", "9090:90/udp"],
      ["network", "disconnect", "back", "www"],
      ["stop", "--time", "0", "www"],
    ],
    ...[
      ["start", "www"],
      ["restart", "--time", "0", "www"],
      ["kill", "www"],
      ["rm", "www"],
      ["network", "prune", "-f"],
    ],
  ];
  for (const command of commands) await compare(command);
}, 180_000);

test.each([
  ["nftables by nft", "nftables", { TSD_NFT: "exec" }],
  ["iptables", "iptables", {}],
] as const)(
  "rules come and go in %s as dry runs said",
  async (_, backend, env) => {
    const { host } = lab();
    await host.mustTsd(["nat", "use", backend]);
    for (const command of [web, run, addPorts, ["rm", "-f", "www"], ["network", "rm", "web"]])
      await compare(command, env);
    await host.mustTsd(["nat", "use", "nftables"]);
    // Brings the table back.
    await host.mustTsd(["network", "create", "first"]);
    await host.mustTsd(["network", "rm", "first"]);
  },
  120_000,
);

test("a change of the backend moves every rule, and what is said is what happens", async () => {
  const { host } = lab();
  await host.mustTsd(web);
  await host.mustTsd(run);
  for (const backend of ["iptables", "nftables"]) await compare(["nat", "use", backend]);
  await host.mustTsd(["rm", "-f", "www"]);
  await host.mustTsd(["network", "rm", "web"]);
}, 60_000);

test("what a dead process left is finished first, in the plan as well", async () => {
  const { host } = lab();
  await host.mustTsd(web);
  const id = await host.mustTsd(run);
  const bundle = `${host.runDirectory}/containers/${id}`;
  for (const name of ["conmon.pid", "pid"]) process.kill(Number(readFileSync(`${bundle}/${name}`, "utf8")), "SIGKILL");
  await compare(networkOf("back", "10.20.10.0/24"));
  expect((await inspect(lab(), "www")).State.Status).toBe("exited");
  await host.mustTsd(["rm", "www"]);
  await host.mustTsd(["network", "rm", "web", "back"]);
}, 60_000);
