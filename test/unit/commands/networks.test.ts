import { describe, expect, test } from "@jest/globals";
import type { Network, NetworkSpec } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { makeNetwork, makeNetworkDetails } from "../presenters/samples.js";
import { runCommand } from "./run-command.js";

const missing = (ref: string): TsdError =>
  new TsdError({
    kind: "not-found",
    code: "TSD_NETWORK_UNKNOWN",
    message: `there is no network "${ref}"`,
    hint: "List them.",
  });

test("what cannot be finished is told, and keeps nobody from the rest", async () => {
  const tsd = { networks: { list: () => [] }, unfinished: missing("web") };
  const { stdout, stderr, error } = await runCommand("network ls", ["-q"], { tsd });
  expect({ stdout, error }).toEqual({ stdout: "", error: undefined });
  expect(stderr).toMatch(/^tsd: warning: .* cannot be finished: there is no network "web"\n$/);
});

test("each warning of the library is a line", async () => {
  const tsd = { networks: { list: () => [] } };
  const warnings = ["forwarding is off", "ports are dropped"];
  const { stderr } = await runCommand("network ls", ["-q"], { tsd, warnings });
  expect(stderr).toBe("tsd: warning: forwarding is off\ntsd: warning: ports are dropped\n");
});

describe("network create", () => {
  test("asks for all that was said, and prints the id", async () => {
    let asked: NetworkSpec | undefined;
    const create = async (spec: NetworkSpec): Promise<Network> => {
      asked = spec;
      return makeNetwork();
    };
    const line =
      "-d bridge --subnet 10.1.0.0/16 --gateway 10.1.0.1 --ip-range 10.1.2.0/24 --subnet fd00::/64 --aux-address a=10.1.0.9 --ipv4=true --ipv6 --internal --dns 192.0.2.1,fd00::53 --dns 192.0.2.2 --disable-dns --label a=1 --label b -o mtu=1400 -o name=br1 --allow-overlap web";
    const { stdout } = await runCommand("network create", line.split(" "), { tsd: { networks: { create } } });
    expect(stdout).toBe(`${"a1".repeat(32)}\n`);
    expect(asked).toEqual({
      name: "web",
      driver: "bridge",
      subnets: ["10.1.0.0/16", "fd00::/64"],
      gateways: ["10.1.0.1"],
      ranges: ["10.1.2.0/24"],
      auxiliary: { a: "10.1.0.9" },
      ipv4: true,
      ipv6: true,
      internal: true,
      dns: ["192.0.2.1", "fd00::53", "192.0.2.2"],
      disableDns: true,
      labels: { a: "1", b: "" },
      options: { mtu: "1400", name: "br1" },
      allowOverlap: true,
    });
  });

  test("leaves to the library what was not said", async () => {
    let asked: NetworkSpec | undefined;
    const create = async (spec: NetworkSpec): Promise<Network> => {
      asked = spec;
      return makeNetwork();
    };
    await runCommand("network create", ["web"], { tsd: { networks: { create } } });
    expect(asked).toEqual({ name: "web", driver: "bridge", labels: {}, options: {}, allowOverlap: false });
  });
});

describe("network create, flag by flag", () => {
  const specOf = async (line: string): Promise<Partial<NetworkSpec>> => {
    let asked: NetworkSpec | undefined;
    const create = async (spec: NetworkSpec): Promise<Network> => {
      asked = spec;
      return makeNetwork();
    };
    const { error } = await runCommand("network create", [...line.split(" ").filter(Boolean), "web"], {
      tsd: { networks: { create } },
    });
    if (error !== undefined) throw error;
    return asked ?? {};
  };

  test.each<[string, Partial<NetworkSpec>]>([
    ["--ipv4", { ipv4: true }],
    ["--ipv4=false --ipv6", { ipv4: false, ipv6: true }],
    ["--ipv6=false", { ipv6: false }],
    ["--ipv6=false --ipv6", { ipv6: true }],
    ["--internal=true", { internal: true }],
    ["--subnet 10.1.0.0/16,fd00::/64", { subnets: ["10.1.0.0/16", "fd00::/64"] }],
    ["--gateway 10.1.0.9 --gateway fd00::9", { gateways: ["10.1.0.9", "fd00::9"] }],
    ["--ip-range 10.1.2.0/24 --ip-range fd00::/96", { ranges: ["10.1.2.0/24", "fd00::/96"] }],
    ["--aux-address a=10.1.0.9 --aux-address b=fd00::9", { auxiliary: { a: "10.1.0.9", b: "fd00::9" } }],
    ["--attachable --scope local", {}],
    ["--ipam-driver acme --ipam-opt a=1 --ipam-opt b=2=3", { ipam: { driver: "acme", options: { a: "1", b: "2=3" } } }],
    ["--ipam-opt a=1", { ipam: { driver: "default", options: { a: "1" } } }],
  ])("%s", async (line, said) => {
    expect(await specOf(line)).toEqual({
      name: "web",
      driver: "bridge",
      labels: {},
      options: {},
      allowOverlap: false,
      ...said,
    });
  });

  test.each([
    ["--aux-address 10.1.0.9", '--aux-address "10.1.0.9" is not a key and a value'],
    ["--aux-address a=10.1.0.8 --aux-address a=10.1.0.9", '--aux-address "a=10.1.0.9" is not the only one of its name'],
    ["-o mtu", '--opt "mtu" is not a key and a value'],
    ["--ipam-driver acme --ipam-opt mtu", '--ipam-opt "mtu" is not a key and a value'],
    ["--ipv4=maybe", '--ipv4 "maybe" is neither true nor false'],
    ["--scope swarm", expect.stringContaining("Expected --scope=swarm to be one of: local")],
  ])("%s is refused", async (line, message) => {
    await expect(specOf(line)).rejects.toMatchObject({ message });
  });
});

describe("network ls", () => {
  const networks = [
    makeNetwork(),
    makeNetwork({ id: "b2".repeat(32), name: "db", driver: "host", labels: { tier: "back" } }),
  ];
  const tsd = { networks: { list: () => networks } };

  test.each([
    [[], ["web", "db"]],
    [["-f", "driver=host"], ["db"]],
    [["--filter", "name=e"], ["web"]],
    [["--filter=id=b2"], ["db"]],
    [["-f", "label=tier=back"], ["db"]],
    [
      ["-f", "name=web", "-f", "name=db"],
      ["web", "db"],
    ],
  ])("%j", async (argv, names) => {
    const { stdout } = await runCommand("network ls", [...argv, "--format", "{{.Name}}"], { tsd });
    expect(stdout.split("\n").filter(Boolean)).toEqual(names);
  });

  test("prints the library's own data with --json", async () => {
    expect(JSON.parse((await runCommand("network ls", ["--json"], { tsd })).stdout)).toEqual(networks);
  });

  test.each([
    [true, {}, true],
    [true, { NO_COLOR: "1" }, false],
    [false, {}, false],
  ])("colours on a terminal (%s) with %j: %s", async (terminal, env, coloured) => {
    const { stdout } = await runCommand("network ls", [], { tsd, surroundings: { isTerminal: () => terminal, env } });
    expect(stdout.includes("\u001b")).toBe(coloured);
  });
});

describe("network rm", () => {
  const remove = async (ref: string): Promise<Network> => {
    if (ref.startsWith("no")) throw missing(ref);
    return makeNetwork({ name: ref });
  };
  const tsd = { networks: { remove } };

  test("prints each name", async () => {
    expect(await runCommand("network rm", ["web", "db"], { tsd })).toMatchObject({
      stdout: "web\ndb\n",
      error: undefined,
    });
  });

  test("goes on behind one that fails, whose error it throws", async () => {
    const outcome = await runCommand("network rm", ["web", "none", "db"], { tsd });
    expect(outcome.stdout).toBe("web\ndb\n");
    expect(outcome.error).toMatchObject({ code: "TSD_NETWORK_UNKNOWN" });
  });

  test("names all that failed", async () => {
    const { error } = await runCommand("network rm", ["none", "nope", "db"], { tsd });
    expect(error).toMatchObject({
      code: "TSD_SEVERAL_FAILED",
      kind: "not-found",
      message: 'there is no network "none"; there is no network "nope"',
      hint: "List them.",
      details: { failures: [{ code: "TSD_NETWORK_UNKNOWN" }, { code: "TSD_NETWORK_UNKNOWN" }] },
    });
  });

  test("with --force does not mind what is missing", async () => {
    const outcome = await runCommand("network rm", ["-f", "none", "db"], { tsd });
    expect(outcome).toMatchObject({ stdout: "db\n", error: undefined });
  });

  test("prints what was removed with --json, failures or not", async () => {
    const outcome = await runCommand("network rm", ["--json", "none", "db"], { tsd });
    expect(JSON.parse(outcome.stdout)).toEqual([makeNetwork({ name: "db" })]);
    expect(outcome.error).toMatchObject({ code: "TSD_NETWORK_UNKNOWN" });
  });
});

describe("network prune", () => {
  const tsd = { networks: { prune: async () => [makeNetwork()] } };

  test("with --force asks nobody", async () => {
    expect((await runCommand("network prune", ["-f"], { tsd })).stdout).toBe("Deleted Networks:\nweb\n");
  });

  test.each([
    ["y", "Deleted Networks:\nweb\n"],
    ["YES ", "Deleted Networks:\nweb\n"],
    ["", ""],
    ["yesterday", ""],
  ])('at a terminal and from a pipe, after the answer "%s"', async (answer, stdout) => {
    for (const terminal of [true, false]) {
      const surroundings = { isTerminal: () => terminal, ask: async () => answer };
      expect((await runCommand("network prune", [], { tsd, surroundings })).stdout).toBe(stdout);
    }
  });

  test("leaves all as it is where Ctrl-D is the answer, and is refused where no answer can come", async () => {
    const ask = async () => undefined;
    const terminal = await runCommand("network prune", [], { tsd, surroundings: { isTerminal: () => true, ask } });
    expect(terminal).toMatchObject({ stdout: "", exitCode: 0 });
    const outcome = await runCommand("network prune", [], { tsd, surroundings: { ask } });
    expect(outcome.error).toMatchObject({ code: "TSD_CONFIRMATION_NEEDED" });
  });
});

test("network inspect prints docker's array, or a template's lines", async () => {
  const tsd = { networks: { overview: async () => ({ ...makeNetworkDetails(), members: [] }) } };
  const { stdout } = await runCommand("network inspect", ["web", "a1"], { tsd });
  expect(JSON.parse(stdout)).toMatchObject([{ Name: "web" }, { Name: "web" }]);
  expect((await runCommand("network inspect", ["-f", "{{.Name}} {{.Driver}}", "web"], { tsd })).stdout).toBe(
    "web bridge\n",
  );
});

describe("names", () => {
  const [web, db] = ["web", "db"].map((name, at) => ({ id: `${at}f`.repeat(32), name }));
  if (web === undefined || db === undefined) throw new Error("there are two");
  const network = { id: "a1".repeat(32), name: "back" };
  const names = [
    { name: "app", addresses: ["10.1.0.2", "fd00::2"], container: web, network },
    { name: "app", addresses: ["10.1.0.3"], container: db, network },
  ];
  const asked: (string | undefined)[] = [];
  const tsd = {
    networks: {
      names: (ref?: string) => {
        asked.push(ref);
        return names;
      },
    },
  };

  test.each([
    [
      [],
      "NAME      ADDRESS             CONTAINER   NETWORK\napp       10.1.0.2, fd00::2   web         back\napp       10.1.0.3            db          back\n",
    ],
    [["-q", "back"], "app\n"],
    [["--format", "{{.Address}} {{.ContainerID}}"], "10.1.0.2, fd00::2 0f0f0f0f0f0f\n10.1.0.3 1f1f1f1f1f1f\n"],
  ])("%j", async (argv, expected) => {
    expect((await runCommand("names", argv, { tsd })).stdout).toBe(expected);
    expect(asked.pop()).toBe(argv.includes("back") ? "back" : undefined);
  });

  test("are the library's own data with --json", async () => {
    expect(JSON.parse((await runCommand("names", ["--json"], { tsd })).stdout)).toEqual(names);
  });
});
