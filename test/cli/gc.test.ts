import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Orphan } from "../../src/api/index.js";
import { addresses } from "../support/lab/lab.js";
import type { Program } from "../support/lab/program.js";
import { inspect, namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const client = new URL("../support/lab/steady-client.mjs", import.meta.url).pathname;

const id = "c0ffee".padEnd(64, "0");

/** Ways in which one thing alone is left over, and what check calls it. */
const orphanKinds: Readonly<
  Record<string, { readonly seed: () => Promise<unknown>; readonly kind: string; readonly what: RegExp }>
> = {
  "a namespace": {
    seed: () => bindNamespace(`${lab().host.runDirectory}/netns/0123456789ab`),
    kind: "namespace",
    what: /netns\/0123456789ab$/,
  },
  "the empty file of one": {
    seed: async () => writeFileSync(`${lab().host.runDirectory}/netns/0123456789ab`, ""),
    kind: "namespace",
    what: /netns\/0123456789ab$/,
  },
  "a bridge": {
    seed: () => addBridge("br-0123456789ab", `tsd ${realpathSync(lab().host.root)}`),
    kind: "link",
    what: /^br-0123456789ab$/,
  },
  "an element": {
    seed: () =>
      lab().host.mustRun(["nft", `add element inet tsd publish4 { tcp . 81 comment "${id}" : 10.70.0.9 . 81 }`]),
    kind: "element",
    what: /^tcp \. 81 to 10\.70\.0\.9 \. 81 of publish4, owner c0ffee000000$/,
  },
  "a directory of a container": {
    seed: async () => mkdirSync(`${lab().host.root}/containers/${id}/upper`, { recursive: true }),
    kind: "directory",
    what: /\/containers\/c0ffee0+$/,
  },
  "files that name hosts": {
    seed: async () => mkdirSync(`${lab().host.runDirectory}/sandboxes/0123456789ab`, { recursive: true }),
    kind: "directory",
    what: /sandboxes\/0123456789ab$/,
  },
  "a log": {
    seed: async () => writeFileSync(`${lab().host.root}/logs/${id}.log`, ""),
    kind: "log",
    what: /\/logs\/c0ffee0+\.log$/,
  },
  "a layer": {
    seed: async () => mkdirSync(`${lab().host.root}/images/layers/0123456789abcdef`),
    kind: "layer",
    what: /^0123456789abcdef$/,
  },
  "a half unpacked image": {
    seed: async () => mkdirSync(`${lab().host.root}/images/work/999999.1.abcd`, { recursive: true }),
    kind: "staging",
    what: /999999\.1\.abcd$/,
  },
};

/** What looks alike and is somebody else's. */
const others: Readonly<
  Record<string, { readonly seed: () => Promise<unknown>; readonly remove: () => Promise<unknown> }>
> = {
  "a bridge and a veth as docker calls them": {
    seed: () =>
      lab().host.ip("link add br-ba9876543210 type bridge", "link add veth0123456 type veth peer name veth6543210"),
    remove: () => lab().host.ip("link del br-ba9876543210", "link del veth0123456"),
  },
  "a link that another tool marked": {
    seed: () => addBridge("br-ba9876543210", "tsdb uplink"),
    remove: () => lab().host.ip("link del br-ba9876543210"),
  },
  "a foreign table": {
    seed: () =>
      lab().host.mustRun(["nft", "add table inet other; add set inet other s { type ifname; elements = { br9 }; }"]),
    remove: () => lab().host.mustRun(["nft", "delete table inet other"]),
  },
  "a namespace of another name": {
    seed: () => bindNamespace(`${lab().host.runDirectory}/netns/mine`),
    remove: async () => {
      await lab().host.mustRun(["umount", `${lab().host.runDirectory}/netns/mine`]);
      rmSync(`${lab().host.runDirectory}/netns/mine`);
    },
  },
  "a file with something in it": {
    seed: async () => writeFileSync(`${lab().host.runDirectory}/netns/0123456789ab`, "notes"),
    remove: async () => rmSync(`${lab().host.runDirectory}/netns/0123456789ab`),
  },
};

async function bindNamespace(path: string): Promise<void> {
  writeFileSync(path, "");
  await lab().host.mustRun(["unshare", `--net=${path}`, "true"]);
}

async function addBridge(name: string, alias: string): Promise<void> {
  await lab().host.mustRun(["ip", "link", "add", name, "type", "bridge"]);
  await lab().host.mustRun(["ip", "link", "set", name, "alias", alias]);
}

/** Takes rows away behind tsd's back; what they stood for stays. */
function loseRows(...statements: readonly string[]): void {
  const database = new DatabaseSync(`${lab().host.root}/state.db`, { enableForeignKeyConstraints: false });
  for (const statement of statements) database.exec(statement);
  database.close();
}

async function found(): Promise<readonly Orphan[]> {
  const { stdout } = await lab().host.tsd(["check", "--json"]);
  return (JSON.parse(stdout) as readonly (Orphan & { readonly problem: string })[]).filter(
    ({ problem }) => problem === "stray",
  );
}

function kindsOf(orphans: readonly Orphan[]): readonly string[] {
  return [...new Set(orphans.map(({ kind }) => kind))].sort();
}

async function free(): Promise<readonly Orphan[]> {
  const { freed, left } = JSON.parse(await lab().host.mustTsd(["gc", "--json"]));
  expect(left).toEqual([]);
  return freed;
}

test("with nothing left over, gc says so", async () => {
  expect(await lab().host.tsd(["gc"])).toEqual({ code: 0, stdout: "Nothing was left over.\n", stderr: "" });
});

describe("beside a container that serves an open connection", () => {
  let server: Program;
  let caller: Program;

  beforeAll(async () => {
    const { host, internet } = lab();
    await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "-o", "name=br7", "kept"]);
    await host.mustTsd(["run", "-d", "--name", "web", "--net", "kept", "-p", "8080:80", "busybox", "sleep", "300"]);
    server = (await namespaceOf(lab(), "web")).start([process.execPath, client, "serve", "80"], { timeout: 120_000 });
    await server.saying("ready");
    caller = internet.start([process.execPath, client, "call", addresses.host, "8080"], { timeout: 120_000 });
    await caller.saying("ready");
    await lab().settle();
  });

  afterAll(async () => {
    caller.write("stop\n");
    const { stdout } = await caller.ended;
    const { failures, isOpen } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect({ failures, isOpen }).toEqual({ failures: [], isOpen: true });
    server.kill("SIGKILL");
    await server.ended;
    await lab().host.mustTsd(["rm", "-f", "web"]);
    await lab().host.mustTsd(["network", "rm", "kept"]);
    await lab().settle();
  });

  test("what lost its rows is named by check, left alone by reload, and freed by gc", async () => {
    const { host } = lab();
    await host.mustTsd(["network", "create", "--subnet", "10.80.0.1/24", "-o", "name=br8", "lost"]);
    await host.mustTsd(["run", "-d", "--name", "gone", "--net", "lost", "-p", "9090:80", "busybox", "sleep", "300"]);
    loseRows(
      "DELETE FROM endpoints WHERE container_id = (SELECT id FROM containers WHERE name = 'gone')",
      "DELETE FROM containers WHERE name = 'gone'",
      "DELETE FROM networks WHERE name = 'lost'",
    );
    const checked = await host.tsd(["check"]);
    expect(checked).toMatchObject({ code: 1, stderr: "" });
    expect(checked.stdout).toContain(
      "orphan: link br8 is left over: no network and no endpoint lists it; free it: tsd gc\n",
    );
    const orphans = await found();
    expect(kindsOf(orphans)).toEqual(
      [
        "directory",
        "element",
        "lease",
        "link",
        "listener",
        "log",
        "namespace",
        "overlay",
        "pool",
        "port claim",
        "run",
      ].sort(),
    );
    expect(await host.tsd(["reload"])).toMatchObject({ code: 0, stdout: checked.stdout, stderr: "" });
    expect(await found()).toEqual(orphans);
    expect(await free()).toEqual(orphans.map(({ kind, what, why }) => ({ kind, what, why })));
    expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.each(Object.entries(orphanKinds))("%s is named, and goes", async (_name, { seed, kind, what }) => {
    await seed();
    expect(await found()).toEqual([expect.objectContaining({ kind, what: expect.stringMatching(what) })]);
    expect(await free()).toEqual([expect.objectContaining({ kind, what: expect.stringMatching(what) })]);
    expect(await found()).toEqual([]);
  });

  test.each(Object.entries(others))("%s stays", async (_name, { seed, remove }) => {
    const { host } = lab();
    await seed();
    expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await host.tsd(["gc"])).toEqual({ code: 0, stdout: "Nothing was left over.\n", stderr: "" });
    expect(await lab().residue(0)).not.toEqual([]);
    await remove();
  });
});

test("another installation's rules are no orphans, and where one works, what bears no mark is left alone", async () => {
  const { host } = lab();
  const elsewhere = { env: { TSD_ROOT: `${host.root}/other`, TSD_RUN: `${host.runDirectory}/other` } };
  await host.mustTsd(["network", "create", "--subnet", "10.90.0.1/24", "theirs"], elsewhere);
  expect(await host.tsd(["gc"])).toEqual({ code: 0, stdout: "Nothing was left over.\n", stderr: "" });
  await host.mustRun(["nft", `add element inet tsd publish4 { tcp . 81 comment "${id}" : 10.70.0.9 . 81 }`]);
  const gc = await host.tsd(["gc"]);
  expect(gc).toMatchObject({ code: 0, stdout: "Nothing was left over.\n" });
  expect(gc.stderr).toContain(`those of the tsd in ${host.root}/other`);
  await host.mustTsd(["network", "rm", "theirs"], elsewhere);
  expect(await host.tsd(["gc"])).toMatchObject({ code: 0, stdout: expect.stringContaining("tcp . 81") });
  rmSync(`${host.root}/other`, { recursive: true });
  rmSync(`${host.runDirectory}/other`, { recursive: true, force: true });
});

test("rules of a backend that is not in force go, and an iptables that holds none is left as it is", async () => {
  const { host } = lab();
  // iptables makes its own tables at first use, and never takes them away again.
  await host.mustRun(["iptables", "-t", "nat", "-N", "TSD-PORT"]);
  await lab().settle();
  await host.mustRun("iptables -t nat -A TSD-PORT -p tcp --dport 81 -j DNAT --to 10.70.0.9:81".split(" "));
  expect(await found()).toEqual([
    {
      kind: "rule",
      what: expect.stringMatching(/--dport 81 .* of iptables, table nat$/),
      why: expect.anything(),
      problem: "stray",
      standing: "ownerless",
    },
  ]);
  expect(await free()).toHaveLength(1);
  expect(await host.mustRun(["iptables-save"])).not.toContain("TSD-");
  await lab().settle();
});

test("processes whose files are gone go too", async () => {
  const { host } = lab();
  await host.mustTsd(["run", "-d", "--name", "gone", "--net", "none", "busybox", "sleep", "300"]);
  const { Id, State } = await inspect(lab(), "gone");
  loseRows("DELETE FROM containers", "DELETE FROM endpoints");
  rmSync(`${host.runDirectory}/containers/${Id}`, { recursive: true });
  expect(kindsOf(await free())).toEqual(["directory", "log", "namespace", "overlay", "run"]);
  expect(existsSync(`/proc/${State.Pid}`)).toBe(false);
});
