import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Plugin } from "../../src/api/index.js";
import type { Output } from "../support/lab/program.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** Where users have their projects; no part of the host's state. */
let work: string;
beforeAll(async () => {
  work = `${lab().host.root}/../work`;
  mkdirSync(work);
  const { host } = lab();
  await add("first", moduleOf("first"));
  await host.mustTsd(["plugin", "rm", "first"]);
  await lab().settle();
});
afterEach(() => {
  rmSync(work, { recursive: true });
  mkdirSync(work);
});

/** The text of a module that brings one driver; `before` runs when it is loaded. */
function moduleOf(name: string, { driver = name, before = "", apiVersion = 1 } = {}): string {
  return `${before}
    export default { name: "${name}", apiVersion: ${apiVersion}, drivers: [{
      type: ${JSON.stringify(driver)}, parseOptions: (raw) => raw, parseEndpointOptions: (raw) => raw,
      capabilities: { needsIpam: false, publishes: false, namespace: "own", singleton: false },
      network: () => [], endpoint: () => [],
    }] };\n`;
}

function tsd(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Output> {
  return lab().host.tsd(words, { env });
}

/** Writes a module and adds it. */
function add(file: string, text: string): Promise<Output> {
  const path = join(work, /\.\w+$/.test(file) ? file : `${file}.mjs`);
  writeFileSync(path, text);
  return tsd(["plugin", "add", path]);
}

/** A package in a folder of its own. */
function writePackage(name: string, json: object, files: Readonly<Record<string, string>>): string {
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", type: "module", ...json }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

async function listed(): Promise<readonly Plugin[]> {
  return JSON.parse(await lab().host.mustTsd(["plugin", "ls", "--json"]));
}

test("a project that tsd plugin new writes passes its test, is added at once, and connects a container", async () => {
  const { host } = lab();
  const at = (script: string) => host.mustRun(["sh", "-ec", `cd "$0"; ${script}`, work]);
  const tool = resolve("bin/tsd");
  expect((await at(`${tool} plugin new my-net`)).split("\n")).toContain("my-net/driver.ts");
  expect(await tsd(["plugin", "new", `${work}/my-net`])).toMatchObject({ code: 2 });
  expect(await host.run(["sh", "-c", `cd "$0"; ${tool} plugin new my-net`, work])).toMatchObject({
    stderr: expect.stringMatching(/my-net exists already/),
  });
  for (const name of ["bridge", "iptables", "default"]) {
    const said = `tsd: "${name}" is a name of tsd's own, which no plug-in can bring\nhint: Choose another name.\n`;
    expect(await tsd(["plugin", "new", name])).toEqual({ code: 2, stdout: "", stderr: said });
  }
  mkdirSync(join(work, "my-net/node_modules/@types"));
  for (const name of ["node", "undici-types"]) {
    const types = name === "node" ? "@types/node" : name;
    symlinkSync(resolve("node_modules", types), join(work, "my-net/node_modules", types));
  }
  await at(`cd my-net; ${process.execPath} --test >&2; ${resolve("script/with-node")} tsc --project . >&2`);
  expect(await at(`TSD_ROOT=${host.root} TSD_RUN=${host.runDirectory} ${tool} plugin add ./my-net`)).toBe(
    "Added my-net 0.1.0: driver my-net\n",
  );
  expect(await host.mustTsd(["plugin", "ls", "--format", "{{.Name}} {{.Version}} {{.Brings}}"])).toBe(
    "my-net 0.1.0 driver my-net",
  );
  await host.mustTsd(["network", "create", "--driver", "my-net", "--subnet", "10.66.0.0/24", "lan"]);
  await host.mustTsd(["run", "-d", "--name", "peer", "--net", "lan", "busybox", "sleep", "60"]);
  const ping = ["run", "--rm", "--net", "lan", "busybox", "ping", "-c", "1", "-W", "5", "10.66.0.2"];
  expect(await host.mustTsd(ping)).toContain("1 packets received");
  expect(await tsd(["check"])).toMatchObject({ code: 0 });
  const inUse = await tsd(["plugin", "rm", "my-net"]);
  expect(inUse).toMatchObject({ code: 1, stderr: expect.stringMatching(/"my-net" is used by network "lan"/) });
  const [inspected] = JSON.parse(await host.mustTsd(["plugin", "inspect", "my-net"]));
  expect(inspected).toMatchObject({ Users: ['network "lan"'], Problem: "", Entry: "index.ts" });
  await host.mustTsd(["rm", "-f", "peer"]);
  await host.mustTsd(["network", "rm", "lan"]);
  expect(await host.mustTsd(["plugin", "rm", "my-net"])).toBe("my-net");
});

test("a package comes by folder and by tarball, with what it depends on, and a new version takes its place", async () => {
  const dependency = writePackage(
    "dep",
    { scripts: { install: "touch ran" } },
    { "index.js": 'export const name = "net";' },
  );
  const json = { dependencies: { dep: `file:${dependency}` }, tsd: { apiVersion: 1, drivers: { net: "A net" } } };
  const text = `import { name } from "dep"; import { API_VERSION, TsdError } from "@tsdnet/tsd/api";
    ${moduleOf("net").replace('type: "net"', "type: API_VERSION === 1 && TsdError.is(new TsdError({})) && name")}`;
  const folder = writePackage("net", json, { "index.js": text });
  expect(await tsd(["plugin", "add", folder])).toEqual({
    stdout: "Added net 1.0.0: driver net\n",
    stderr: "",
    code: 0,
  });
  const [first] = await listed();
  expect(first).toMatchObject({ drivers: { net: "A net" }, source: folder });
  const installed = `${lab().host.root}/plugins/${first?.directory}/node_modules/dep`;
  expect([existsSync(`${installed}/index.js`), existsSync(`${installed}/ran`)]).toEqual([true, false]);

  await lab().host.mustTsd(["network", "create", "--driver", "net", "lan"]);
  const other = { version: "2.0.0", tsd: { apiVersion: 1, drivers: { other: "" } } };
  writePackage("net", other, { "index.js": moduleOf("net", { driver: "other" }) });
  const refused = await tsd(["plugin", "add", folder]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/lacks what network "lan" uses/) });
  await lab().host.mustTsd(["network", "rm", "lan"]);
  const npm = [resolve("script/with-node"), "npm", "pack", "--silent", "--offline", "--pack-destination", work, folder];
  await lab().host.mustRun(npm, { env: { PATH: process.env.PATH ?? "", HOME: work } });
  expect(await tsd(["plugin", "add", `${work}/net-2.0.0.tgz`])).toMatchObject({
    stdout: "Replaced net 1.0.0 by net 2.0.0: driver other\n",
  });
  expect(existsSync(installed)).toBe(false);
  expect(await tsd(["network", "create", "--driver", "net", "lan"])).toMatchObject({
    stderr: expect.stringMatching(/no network driver "net"\nhint: .*other.*tsd plugin add PACKAGE/),
  });
  await lab().host.mustTsd(["plugin", "rm", "net"]);
});

test.each<[string, string, string, RegExp]>([
  [
    "is of another API version",
    "x.mjs",
    moduleOf("x", { apiVersion: 7 }),
    /was written for API version 7, and this tsd has 1/,
  ],
  ["throws", "x.mjs", 'throw new Error("no \\u001b[31m\\nmore");', /x\.mjs" cannot be loaded: no \\x1b\[31m\n$/],
  ["throws nothing", "x.mjs", "throw undefined;", /cannot be loaded: undefined/],
  ["has a fault of syntax", "x.ts", "export default {{", /cannot be loaded: /],
  [
    "needs what is not there",
    "x.mjs",
    'import "absent-package";',
    /Cannot find package 'absent-package' imported from p/,
  ],
  ["never ends", "x.mjs", "for (;;);", /did not return within 10 seconds/],
  ["ends the process", "x.mjs", "process.exit(0);", /it called process\.exit\(0\)/],
  ["kills the process", "x.mjs", 'process.kill(process.pid, "SIGKILL");', /it called process\.kill\(\d+, SIGKILL\)/],
  ["waits at its top level", "x.mjs", "await 1; export default {};", /uses await at the top level/],
  ["exports nothing of use", "x.cjs", "module.exports = 42;", /x\.cjs"/],
  ["brings nothing", "x.mjs", 'export default { name: "x", apiVersion: 1 };', /plug-in "x" brings nothing/],
  ["has a name that is none", "x.mjs", moduleOf("../x\\u001b"), /"\.\.\/x\\x1b", which is no name of a package/],
  ["has a driver's name that is none", "x.mjs", moduleOf("x", { driver: "a b\u001b" }), /"a b\\x1b"/],
  ["brings a driver of tsd's own", "x.mjs", moduleOf("x", { driver: "bridge" }), /"bridge"/],
])("a plug-in that %s is refused in one sentence, and nothing of it stays", async (_, file, text, message) => {
  const { stdout, stderr, code } = await add(file, text);
  expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^tsd: plug-in .*\n(hint: .*\n)?$/);
  expect(await listed()).toEqual([]);
});

test("what a plug-in leaves running at its loading, with its output, is not waited for", async () => {
  const before = `import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
    const left = spawn("sleep", ["600"], { detached: true, stdio: "inherit" });
    writeFileSync("${work}/pid", String(left.pid)); left.unref();`;
  expect(await add("leaver", moduleOf("leaver", { before }))).toEqual({
    stdout: "Added leaver: driver leaver\n",
    stderr: "",
    code: 0,
  });
  process.kill(Number(readFileSync(join(work, "pid"), "utf8")));
  await lab().host.mustTsd(["plugin", "rm", "leaver"]);
});

test("a package that brings something else than it declares, or what another brings, is refused", async () => {
  const declaring = (drivers: object) => ({ tsd: { apiVersion: 1, drivers } });
  const net = { "index.js": moduleOf("net") };
  for (const [json, message] of [
    [declaring({}), /brings "net", which "tsd\.drivers" of its package\.json does not declare/],
    [declaring({ net: "", more: "" }), /declares "more" under "tsd\.drivers"/],
    [{ name: "other" }, /plug-in "other" calls itself "net"/],
    [{ dependencies: { x: "file:./absent.tgz" } }, /npm said: /],
  ] as const) {
    expect((await tsd(["plugin", "add", writePackage("net", json, net)])).stderr).toMatch(message);
  }
  expect((await add("one", moduleOf("one", { driver: "net" }))).code).toBe(0);
  const taken = await tsd(["plugin", "add", writePackage("net", {}, net)]);
  expect(taken.stderr).toMatch(/^tsd: plug-in "net" brings the network driver "net", which plug-in "one" has\nhint: /);
  await lab().host.mustTsd(["plugin", "rm", "one"]);
});

test.each([
  ["./absent", 1, /nothing is there/],
  ["/etc/passwd", 2, /neither a tarball nor a module/],
  ["https://example.org/x.tgz", 2, /neither a file nor the name of a package/],
  ["--global", 2, /neither a file nor the name/],
])("tsd plugin add %s names no plug-in", async (source, code, message) => {
  expect(await tsd(["plugin", "add", "--", source])).toMatchObject({ code, stderr: expect.stringMatching(message) });
});

test("only a command that needs a plug-in loads it, and only if none but root could have changed it", async () => {
  const { host } = lab();
  const trace = `${work}/loaded`;
  const before = `import { appendFileSync } from "node:fs"; appendFileSync(${JSON.stringify(trace)}, "x");`;
  expect(await add("lazy.mjs", moduleOf("lazy", { before }))).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(trace, "utf8")).toBe("x");
  await host.mustTsd(["network", "create", "other"]);
  const idle = "ps,network ls,network inspect other,plugin ls,plugin inspect lazy,system info,check,gc,reload";
  for (const words of idle.split(",")) await host.mustTsd(words.split(" "));
  await host.mustTsd(["run", "--rm", "--net", "other", "busybox", "true"]);
  await host.mustTsd(["network", "rm", "other"]);
  expect(readFileSync(trace, "utf8")).toBe("x");
  await host.mustTsd(["network", "create", "--driver", "lazy", "lan"]);
  expect(readFileSync(trace, "utf8")).toBe("xx");
  await host.mustTsd(["network", "rm", "lan"]);

  const [plugin] = await listed();
  const file = `${host.root}/plugins/${plugin?.directory}/plugin.mjs`;
  const create = ["network", "create", "--driver", "lazy", "lan"];
  for (const path of [file, `${host.root}/plugins`]) {
    const mode = path === file ? 0o600 : 0o700;
    chmodSync(path, 0o777);
    expect((await tsd(create)).stderr).toContain(`plug-in "lazy" is not loaded: others than root may change ${path}`);
    chmodSync(path, mode);
  }
  writeFileSync(file, moduleOf("lazy", { driver: "changed" }));
  expect((await tsd(create)).stderr).toMatch(/brings something else now than when it was added/);
  expect(await host.mustTsd(["plugin", "inspect", "--format", "{{.Problem}}", "lazy"])).toMatch(/has other files now/);
  rmSync(file);
  expect((await tsd(create)).stderr).toMatch(/is installed, and .*plugin\.mjs is gone/);
  expect(await host.mustTsd(["plugin", "rm", "lazy"])).toBe("lazy");
});

test("a dry run of add and rm changes and loads nothing", async () => {
  const { host } = lab();
  const file = join(work, "dry.mjs");
  writeFileSync(file, moduleOf("dry", { before: `import { mkdirSync } from "node:fs"; mkdirSync("${work}/loaded");` }));
  expect(await host.mustTsd(["plugin", "add", "--dry-run", file])).toMatch(
    /^install plug-in .*dry\.mjs\n {4}install -D /,
  );
  expect(existsSync(`${work}/loaded`)).toBe(false);
  expect(await listed()).toEqual([]);
  await host.mustTsd(["plugin", "add", file]);
  expect(await host.mustTsd(["plugin", "rm", "--dry-run", "dry"])).toMatch(
    /^forget plug-in dry\n {4}rm -r .*\/plugins\//,
  );
  expect(await listed()).toHaveLength(1);
  await host.mustTsd(["plugin", "rm", "dry"]);
});
