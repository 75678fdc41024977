import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Namespace } from "../support/lab/namespace.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

interface Outcome {
  readonly result?: unknown;
  readonly error?: { readonly kind: string; readonly code: string; readonly message: string };
  readonly warnings: readonly string[];
  readonly unfinished?: string;
}

/** What a program does with tsd that has an extension of test/support/plugins/zoo.mjs. */
async function withPlugin(name: string, work: string): Promise<Outcome> {
  const { host } = lab();
  const env = {
    PATH: process.env.PATH ?? "",
    TSD_ROOT: host.root,
    TSD_RUN: host.runDirectory,
    TSD_NODE: process.execPath,
  };
  const program = ["test/support/plugins/run-with.mjs", "dist/index.js"].map((path) => resolve(path));
  const said = await host.run([process.execPath, ...program, name, work], { env });
  return said.stdout === "" ? { warnings: [`ended with ${said.code}: ${said.stderr}`] } : JSON.parse(said.stdout);
}

const create = (driver: string) =>
  `(tsd) => tsd.networks.create({ name: "far", driver: "${driver}", subnets: ["10.77.0.0/24"] })`;

test("a driver of a third party's works from its creation to its removal, and the command line does the rest without it", async () => {
  const { host } = lab();
  const inside = await Namespace.create("inside");
  await Namespace.create("other");
  try {
    expect(await withPlugin("wire", create("wire"))).toMatchObject({ result: { name: "far", extension: "acme" } });
    const attached = await withPlugin(
      "wire",
      `(tsd) => tsd.endpoints.attach({ network: "far", netns: "${inside.path}", address: "10.77.0.9" })`,
    );
    expect(attached).toMatchObject({ result: { addresses: ["10.77.0.9/24"] } });
    await host.mustRun(["ping", "-c1", "-W5", "10.77.0.9"]);
    await inside.mustRun(["ping", "-c1", "-W5", "198.51.100.2"]);
    // From here on without the plug-in.
    expect(await host.mustTsd(["check"])).toBe("");
    await host.ip("route delete 10.77.0.9/32");
    expect((await host.tsd(["check"])).stdout).toMatch(/: route 10\.77\.0\.9\/32 by pt[0-9a-f]{12} is missing\n$/);
    await host.mustTsd(["reload"]);
    await host.mustRun(["ping", "-c1", "-W5", "10.77.0.9"]);
    expect(await host.mustTsd(["network", "ls"])).toMatch(/far +wire/);
    expect(JSON.parse(await host.mustTsd(["network", "inspect", "far"]))).toMatchObject([{ Name: "far" }]);
    expect(await host.tsd(["explain", "netns:inside", "198.51.100.2"])).toMatchObject({
      stdout: expect.stringContaining("driver wire"),
    });
    for (const refused of [
      ["network", "connect", "far", "netns:other"],
      ["run", "--net", "far", "busybox", "true"],
    ]) {
      expect((await host.tsd(refused)).stderr).toMatch(
        'network "far" needs its driver "wire", which plug-in "acme" brings, and that is not installed\nhint: Install it: tsd plugin add acme\n',
      );
    }
    await host.mustTsd(["run", "--rm", "--net", "none", "busybox", "true"]);
    await host.mustTsd(["gc"]);
    await host.mustTsd(["network", "disconnect", "far", `netns:${inside.path}`]);
    await host.mustTsd(["network", "prune", "--force"]);
  } finally {
    for (const name of ["inside", "other"]) await host.run(["ip", "netns", "delete", name]);
  }
});

describe("a plug-in", () => {
  test.each<[string, string, string, RegExp]>([
    [
      "throwing",
      "tunneled",
      "plugin",
      /^plug-in "acme", verb ensure, provider of tunnel: it threw Error: no tunnel today$/,
    ],
    ["exiting", "tunneled", "plugin", /^plug-in "acme", verb ensure, provider of tunnel: it called process.exit\(0\)/],
    ["stray", "tunneled", "plugin", /^plug-in "acme", verb ensure, provider of tunnel: it threw Error: nobody hears$/],
    ["looping", "wire", "plugin", /^plug-in "acme", verb network, driver "wire": it did not return within 5 seconds$/],
    [
      "reaching",
      "wire",
      "plugin",
      /^plug-in "acme", verb network, driver "wire": it returned resource 1 of kind file, and paths are tsd's own$/,
    ],
  ])("that is %s is named, and leaves nothing behind", async (name, driver, kind, message) => {
    expect(await withPlugin(name, create(driver))).toMatchObject({
      error: { kind, message: expect.stringMatching(message) },
    });
    expect(await lab().host.mustTsd(["network", "ls", "--quiet"])).not.toMatch("far");
    expect(await lab().residue()).toEqual([]);
  });

  test("that fails for an endpoint leaves the network as it was", async () => {
    await withPlugin("wire", create("wire"));
    const failed = await withPlugin(
      "endless",
      `(tsd) => tsd.endpoints.attach({ network: "far", netns: "/run/netns/none" })`,
    );
    expect(failed.error?.kind).toBe("not-found");
    const inside = await Namespace.create("inside");
    const refused = await withPlugin(
      "endless",
      `(tsd) => tsd.endpoints.attach({ network: "far", netns: "${inside.path}" })`,
    );
    await lab().host.run(["ip", "netns", "delete", "inside"]);
    expect(refused.error?.message).toBe(
      'plug-in "acme", verb endpoint, driver "wire": it returned 100000 resources, where at most 4096 are accepted',
    );
    await lab().host.mustTsd(["network", "rm", "far"]);
  });

  test("that dies half-way is undone by the next command that has it, or given up", async () => {
    const { host } = lab();
    await withPlugin("dying", create("tunneled"));
    const left = await host.tsd(["network", "ls"]);
    expect(left.stderr).toMatch(
      /cannot be finished: no plug-in that is installed makes and removes resources of kind "tunnel"/,
    );
    expect((await host.run(["ip", "-o", "link", "show", "type", "bridge"])).stdout).toBe("");
    expect(await withPlugin("tunnels", "async (tsd) => tsd.networks.list().map(({ name }) => name)")).toEqual({
      result: expect.not.arrayContaining(["far"]),
      warnings: [],
    });
    await withPlugin("dying", create("tunneled"));
    const given = await host.tsd(["network", "rm", "--force", "far"]);
    expect(given.stderr).toMatch(/network far: gave up tunnel t\\x1b\[31m[0-9a-f]{4}, which no plug-in removed\n$/);
    expect(given.code).toBe(0);
  });

  test("whose kinds nothing removes any more keeps its network, until that is forced", async () => {
    const { host } = lab();
    expect(await withPlugin("tunnels", create("tunneled"))).toMatchObject({ result: { name: "far" } });
    expect((await host.tsd(["check"])).stdout).toMatch(
      /^network far: tunnel t\\x1b\[31m\w{4} cannot be checked: no plug-in that is installed makes and removes resources of kind "tunnel"\n$/,
    );
    expect((await host.tsd(["reload"])).stderr).toMatch(/cannot be checked/);
    await host.mustTsd(["gc"]);
    const refused = await host.tsd(["network", "rm", "far"]);
    expect(refused.stderr).toMatch(
      'tsd: network "far" has tunnel, which only plug-in "acme" removes, and that is not there\nhint: Install it (tsd plugin add acme), or give up what it made: tsd network rm --force far\n',
    );
    expect((await host.tsd(["network", "prune", "--force"])).stderr).toMatch('network "far" has tunnel');
    const plan = await host.tsd(["network", "rm", "--force", "--dry-run", "far"]);
    expect(plan.code).toBe(0);
    expect(await withPlugin("removing", `(tsd) => tsd.networks.remove("far")`)).toMatchObject({
      error: { message: 'plug-in "acme", verb remove, provider of tunnel: it threw Error: no way back' },
    });
    const given = JSON.parse((await host.tsd(["network", "rm", "--force", "--json", "far"])).stdout);
    expect(given).toMatchObject([{ name: "far", forgotten: [{ kind: "tunnel" }] }]);
  });

  test("whose kinds a container has is no obstacle to its removal by force", async () => {
    const { host } = lab();
    await withPlugin("inner", create("tunneled"));
    const run = `(tsd) => tsd.containers.runDetached({ name: "c", image: "busybox", command: ["sleep", "1000"], networks: [{ network: "far" }] })`;
    expect(await withPlugin("inner", run)).toMatchObject({ result: { name: "c" } });
    const stopped = await host.tsd(["stop", "--time", "0", "c"]);
    expect(stopped.stderr).toMatch('no plug-in that is installed makes and removes resources of kind "tunnel"');
    expect((await host.tsd(["ps", "--all"])).stdout).toMatch("Exited (137)");
    const given = await host.tsd(["rm", "--force", "c"]);
    expect(given.stderr).toMatch(/tsd: container c: gave up tunnel inner, which no plug-in removed\n$/);
    await host.mustTsd(["network", "rm", "far"]);
  });
});
