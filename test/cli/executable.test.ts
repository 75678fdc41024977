import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import type { Output, ProgramOptions } from "../support/lab/program.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** The executable as a user has it who unpacked nothing else, and directories of the user's. */
let [tsd, place, home, temporary] = ["", "", "", ""];
beforeAll(async () => {
  // It is there from the first plug-in on.
  mkdirSync(join(lab().host.root, "plugins/work"), { recursive: true });
  await lab().settle();
  place = join(lab().host.root, "../place");
  [home, temporary] = [join(place, "home"), join(place, "tmp")];
  for (const directory of [place, home, temporary]) mkdirSync(directory);
  tsd = join(place, "tsd");
  copyFileSync("dist/tsd", tsd);
});

const clean = { code: 0, stdout: "", stderr: "" };

function run(words: readonly string[], options: ProgramOptions = {}): Promise<Output> {
  const env = { HOME: home, TMPDIR: temporary, PATH: process.env.PATH ?? "", ...options.env };
  return lab().host.tsd(words, { ...options, env, launcher: tsd });
}

async function mustRun(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(words);
  if (code !== 0) throw new Error(`tsd ${words.join(" ")}: ${stderr}`);
  return stdout.trimEnd();
}

/** What the runtime leaves behind, of which there is to be nothing. */
function left(): readonly string[] {
  return [home, temporary].flatMap((directory) => readdirSync(directory)).filter((name) => name.includes("bun"));
}

test("one file without Node.js runs containers, relays their streams, and frees what they held when they end", async () => {
  const { host } = lab();
  await mustRun("network", "create", "--subnet", "10.88.0.0/24", "alone");
  await mustRun("run", "-d", "--name", "one", "--net", "alone", "-p", "88:80", "busybox", "sleep", "1000");
  expect(await run(["check"])).toEqual(clean);
  expect(await run(["exec", "-i", "one", "cat"], { input: "x".repeat(300_000) })).toMatchObject({
    stdout: "x".repeat(300_000),
  });
  expect(await run(["exec", "-t", "one", "sh", "-c", "tty; exit 4"])).toMatchObject({ code: 4 });
  const slow = `"$0" exec one head -c 3000000 /dev/zero | (sleep 1; wc -c)`;
  const places = { TSD_ROOT: host.root, TSD_RUN: host.runDirectory };
  expect(await host.run(["sh", "-c", slow, tsd], { env: places })).toEqual({ ...clean, stdout: "3000000\n" });
  await mustRun("kill", "-s", "KILL", "one");
  await mustRun("wait", "one");
  // The supervisor starts the executable by itself.
  await host.mustRun(
    ["sh", "-c", 'for i in $(seq 100); do "$0" port one | grep . || exit 0; sleep 0.1; done; exit 1', tsd],
    {
      env: places,
    },
  );
  expect(await run(["run", "--rm", "--net", "alone", "busybox", "sh", "-c", "echo out; exit 5"])).toEqual({
    ...clean,
    ...{ code: 5, stdout: "out\n" },
  });
  await mustRun("rm", "one");
  await mustRun("network", "rm", "alone");
  expect(left()).toEqual([]);
});

test("it is the plug-in of CNI where a runtime calls it, by its name too", async () => {
  const supported = { code: 0, stdout: expect.stringContaining('"supportedVersions"') };
  const env = { CNI_COMMAND: "VERSION" };
  expect(await run([], { env, input: '{"cniVersion":"1.0.0"}' })).toMatchObject(supported);
  symlinkSync(tsd, join(place, "tsd-cni"));
  const named = await lab().host.run([join(place, "tsd-cni")], { env, input: '{"cniVersion":"1.0.0"}' });
  expect(named).toMatchObject(supported);
});

test("it loads plug-ins in TypeScript with packages of their own, and keeps nothing of what it compiled", async () => {
  const project = join(place, "acme");
  const write = (file: string, text: string): void => {
    mkdirSync(join(project, file, ".."), { recursive: true });
    writeFileSync(join(project, file), text);
  };
  const dependencies = { words: `file:${project}/words` };
  const json = { name: "acme", version: "1.0.0", type: "module", exports: "./index.ts", dependencies };
  write("package.json", JSON.stringify(json));
  write("words/package.json", JSON.stringify({ name: "words", version: "1.0.0", exports: { ".": "./lib/words.js" } }));
  write("words/lib/words.js", 'exports.type = "acme";');
  // The runtime keeps compiled files from some size on.
  const filling = Array.from({ length: 3000 }, (_, i) => `const filling${i}: number = ${i};\n`).join("");
  const driver = `{ type, parseOptions: (raw: unknown) => raw, parseEndpointOptions: (raw: unknown) => raw,
    capabilities: { needsIpam: false, publishes: false, namespace: "own", singleton: false },
    network: () => { if (!TsdError.is(new TsdError({} as never))) throw 1; return []; }, endpoint: () => [] }`;
  write(
    "index.ts",
    `import { TsdError, type Extension } from "@tsdnet/tsd"; import words from "words"; const { type } = words;
    import { verifyExtension } from "@tsdnet/tsd/testing"; if (typeof verifyExtension !== "function") throw 1;
    ${filling}
    export default { name: "acme", apiVersion: 1, drivers: [${driver}] } as unknown as Extension;`,
  );
  expect(await mustRun("plugin", "add", project)).toBe("Added acme 1.0.0: driver acme");
  await mustRun("network", "create", "--driver", "acme", "made");
  await mustRun("network", "rm", "made");
  write("index.ts", "await 1; export default {};");
  expect((await run(["plugin", "add", project])).stderr).toMatch(/uses await at the top level/);
  await mustRun("plugin", "rm", "acme");
  expect(left()).toEqual([]);
});

test("it reads no settings of its runtime's where a user may write, and needs no /tmp in which programs may run", async () => {
  const there = join(place, "there");
  mkdirSync(there);
  const preload = 'preload = ["./evil.js"]\n';
  const files = {
    ".env": "TSD_ROOT=/evil\n",
    "bunfig.toml": preload,
    "evil.js": `require("node:fs").writeFileSync("${place}/evil", "")`,
    "package.json": '{"name":"x","type":"module","imports":{"#x":"./evil.js"}}',
    "tsconfig.json": '{"compilerOptions":{"paths":{"*":["./evil.js"]}}}',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(there, name), text);
  writeFileSync(join(home, ".bunfig.toml"), preload.replace("./", `${there}/`));
  const script = 'mount -t tmpfs -o noexec tmpfs "$TMPDIR" && cd "$1" && exec "$0" system info';
  const { root, runDirectory } = lab().host;
  const env = { HOME: home, TMPDIR: temporary, TSD_ROOT: root, TSD_RUN: runDirectory, PATH: "/usr/sbin:/usr/bin" };
  const said = await lab().host.mustRun(["unshare", "--mount", "sh", "-ec", script, tsd, there], { env });
  expect(said).toContain(root);
  expect(said).not.toContain("evil");
  expect(existsSync(`${place}/evil`)).toBe(false);
});

test("it ends with a plug-in that is in a loop after a pause, which it names, and the next command finishes the work", async () => {
  const project = join(place, "looper");
  const [dies, loops] = ["dies", "loops"].map((flag) => join(place, flag));
  mkdirSync(project);
  writeFileSync(
    join(project, "package.json"),
    '{"name":"looper","version":"1.0.0","type":"module","exports":"./index.js"}',
  );
  writeFileSync(
    join(project, "index.js"),
    `import { execFileSync } from "node:child_process"; import { existsSync } from "node:fs";
    const driver = { type: "looper", parseOptions: (raw) => raw, parseEndpointOptions: (raw) => raw, endpoint: () => [],
      capabilities: { needsIpam: false, publishes: false, namespace: "own", singleton: false },
      network: ({ id }) => [{ kind: "lamp", owner: id }] };
    const lamps = { kinds: ["lamp"], inspect: async () => [], describe: async () => [],
      async ensure() { if (existsSync("${dies}")) execFileSync("kill", ["-9", String(process.pid)]); },
      async remove() { if (!existsSync("${loops}")) return; await 1; await new Promise((done) => setTimeout(done, 1)); for (;;); } };
    export default { name: "looper", apiVersion: 1, drivers: [driver], providers: [lamps] };`,
  );
  await mustRun("plugin", "add", project);
  for (const flag of [dies, loops]) writeFileSync(flag ?? "", "");
  const killed = await run(["network", "create", "--driver", "looper", "endless"]);
  expect(killed.code).not.toBe(0);
  const ended = await run(["network", "ls"]);
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(
    /^tsd: plug-in "looper", verb remove, provider of lamp: it did not finish within 5 seconds, and is in a loop that ends with tsd alone\nhint: Report this to the author of the plug-in.\n$/,
  );
  rmSync(loops ?? "");
  expect((await run(["network", "ls"])).stdout).not.toContain("endless");
  expect(await run(["check"])).toEqual(clean);
  await mustRun("plugin", "rm", "looper");
});

test("it says what to do where few files may be open, and leaves nothing", async () => {
  await mustRun("network", "create", "--subnet", "10.88.0.0/24", "few");
  const { host } = lab();
  const words = "run --rm --net few busybox true";
  const script = `for n in 6 7 8 9 10 11 13 14 15 20 25; do (ulimit -n $n; "$0" --version >/dev/null && "$0" ${words} || exit 0); done 2>&1`;
  const said = await host.run(["sh", "-c", script, tsd], {
    env: { TSD_ROOT: host.root, TSD_RUN: host.runDirectory, PATH: process.env.PATH ?? "" },
  });
  expect(said.stdout).toContain("hint: Raise the limit on open files: ulimit -n 1024\n");
  expect(said.stdout).not.toMatch(/internal error|This is a bug/);
  await mustRun("network", "rm", "few");
});
