import { describe, expect, test } from "@jest/globals";
import type { Step } from "../../../src/api/index.js";
import { commands } from "../../../src/commands/registry.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { makeContainer, makeNetwork } from "../presenters/samples.js";
import { runCommand } from "./run-command.js";

/**
 * Commands that only look, or whose work is in a container or a file of the caller's, that do what docker asks of them, or
 * what the cluster's records say.
 */
const others: readonly string[] = [
  "agent",
  "attach",
  "check",
  "cluster inspect",
  "cluster ls",
  "completion",
  "container exists",
  "container release",
  "diff",
  "doctor",
  "events",
  "exec",
  "explain",
  "image exists",
  "image history",
  "image inspect",
  "image ls",
  "image save",
  "inspect",
  "logs",
  "map",
  "names",
  "network exists",
  "network inspect",
  "network ls",
  "plugin inspect",
  "plugin ls",
  "plugin new",
  "plugin serve",
  "plugin verify",
  "port",
  "ports",
  "ps",
  "stats",
  "system df",
  "system info",
  "system page",
  "system service",
  "top",
  "version",
  "volume inspect",
  "volume ls",
  "wait",
];

const steps: readonly Step[] = [{ verb: "run", what: "start container www", sends: ["crun start www"] }];
const failure = new TsdError({ kind: "conflict", code: "TSD_X", message: "no" });

test.each(Object.entries(commands).filter(([id]) => !others.includes(id)))(
  "tsd %s can be tried without effect",
  async (_, entry) => {
    const { flags = {} } = (await entry.load()).default;
    expect(Object.keys(flags)).toEqual(expect.arrayContaining(["dry-run", "json"]));
  },
);

describe("with --dry-run", () => {
  test.each([
    ["network create", ["web"], { networks: { create: async () => makeNetwork() } }],
    ["network prune", [], { networks: { prune: async () => [makeNetwork()] } }],
    ["network disconnect", ["web", "www"], { networks: { disconnect: async () => ({}) } }],
    ["start", ["a", "b"], { containers: { start: async () => makeContainer() } }],
    ["run", ["-it", "busybox"], { containers: { run: async () => ({ exitCode: 0, stdout: "", stderr: "" }) } }],
    ["run", ["-d", "busybox"], { containers: { runDetached: async () => makeContainer() } }],
    ["nat use", ["iptables"], { system: { useNat: async () => "iptables" } }],
  ])("tsd %s %j prints its plan in place of its result, and asks nothing", async (id, argv, tsd) => {
    const text = await runCommand(id, ["--dry-run", ...argv], { tsd, steps });
    expect(text).toMatchObject({ stdout: "start container www\n    crun start www\n", error: undefined, exitCode: 0 });
    const json = await runCommand(id, ["--dry-run", "--json", ...argv], { tsd, steps });
    expect(JSON.parse(json.stdout)).toEqual(steps);
  });

  test("what fails before it has done anything prints no plan", async () => {
    const tsd = { networks: { create: () => Promise.reject(failure) } };
    expect(await runCommand("network create", ["--dry-run", "web"], { tsd })).toMatchObject({
      stdout: "",
      error: failure,
    });
  });

  test("what fails half-way prints what it would have done till then", async () => {
    const tsd = { networks: { create: () => Promise.reject(failure) } };
    const { stdout, error } = await runCommand("network create", ["--dry-run", "web"], { tsd, steps });
    expect({ stdout, error }).toEqual({ stdout: "start container www\n    crun start www\n", error: failure });
  });
});

test("without it, the library is asked for no plan", async () => {
  const tsd = { networks: { create: async () => makeNetwork() } };
  expect((await runCommand("network create", ["web"], { tsd, steps })).stdout).not.toContain("start container");
});
