import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Output } from "../support/lab/program.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** Runs a shell line in which `tsd` is ours. */
function shell(line: string, env: Readonly<Record<string, string>> = {}): Promise<Output> {
  const { host } = lab();
  const places = { PATH: process.env.PATH ?? "", TSD_ROOT: host.root, TSD_RUN: host.runDirectory };
  return host.run(["sh", "-c", `tsd() { ${resolve("bin/tsd")} "$@"; }; ${line}`], { env: { ...places, ...env } });
}

/** A sentence, and what to do; never that tsd has a bug. */
const sentence = /^tsd: (?!internal error)[^\n]+\n(hint: (?!This is a bug)[^\n]+\n)?$/;

describe("a caller whose standard output cannot be written", () => {
  test.each([
    ["tsd network ls > /dev/full", 1, "ENOSPC"],
    ["tsd network ls >&-", 1, "EBADF"],
    ["tsd ps --json > /dev/full 2>&1; echo $? >&2", 0, "1"],
    ["tsd --help > /dev/full", 1, "ENOSPC"],
    ["tsd --version >&-", 1, "EBADF"],
  ])("%s: exit code %d, with %s", async (line, code, words) => {
    const output = await shell(line);
    expect(output).toMatchObject({ code, stderr: expect.stringContaining(words) });
    if (code !== 0) expect(output.stderr).toMatch(sentence);
  });

  test.each([
    ["> /dev/full", "ENOSPC"],
    [">&-", "EBADF"],
    ["| true", "EPIPE"],
  ])("keeps what was made, and hears of it: run -d %s", async (sink, errno) => {
    const made = await shell(`tsd run -d --name odd busybox sleep 60 ${sink}`);
    expect(made.stderr).toMatch(sentence);
    expect(made.stderr).toContain(errno);
    const id = await lab().host.mustTsd(["ps", "-q", "--no-trunc"]);
    expect(made.stderr).toContain(`the result was: ${id}`);
    const removed = await shell(`tsd rm -f odd ${sink}`);
    expect(removed.stderr).toContain("the result was: odd");
    expect(await lab().host.mustTsd(["ps", "-aq"])).toBe("");
    await removeDefaultNetwork(lab());
  });

  test("is no failure where the reader has heard enough", async () => {
    expect(await shell("tsd network ls | true")).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("a caller whose directory is gone", () => {
  const gone = join(mkdtempSync(join(tmpdir(), "tsd-odd-")), "gone");
  beforeAll(() => mkdirSync(gone));
  afterAll(() => rmSync(join(gone, ".."), { recursive: true }));
  const within = async (line: string): Promise<Output> => {
    mkdirSync(gone, { recursive: true });
    const output = await shell(`cd ${gone} && rmdir ${gone} && ${line}`);
    // The launcher's shell says it too.
    return { ...output, stderr: output.stderr.replace(/^sh: .*getcwd.*\n/gm, "") };
  };

  test.each([
    "tsd check",
    "tsd run --rm -v /etc:/mnt -p 81:81 busybox true",
    "tsd network create odd && tsd network rm odd",
  ])("may do all that needs none: %s", async (line) => {
    expect(await within(line)).toMatchObject({ code: 0, stderr: "" });
    await removeDefaultNetwork(lab());
  });

  test.each([
    "tsd run --rm -v ./x:/x busybox true",
    "tsd run --rm --env-file x busybox true",
    "tsd image import x.tar y",
    "TSD_ROOT=x tsd ps",
  ])("is told so by what needs one: %s", async (line) => {
    const { code, stderr } = await within(line);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain("the current directory does not exist");
  });
});

describe("an environment that means nothing is refused, with the variable and its value", () => {
  test.each([
    ["TSD_NFT", "netlinks"],
    ["TSD_IPTABLES", "legacyy"],
    ["TSD_RUNTIME", "nosuch"],
    ["TSD_RUNTIME", "/"],
    ["TSD_DEBUG", "yes"],
    ["TSD_ROOT", "/dev/null"],
    ["TSD_ROOT", "/proc/tsd"],
    ["TSD_ROOT", "/tmp/a\nb"],
    ["TSD_RUN", "/dev/null"],
    ["TSD_RUN", "/sys/tsd"],
    ["TSD_RUN", "/run/a:b"],
  ])("%s=%j", async (variable, value) => {
    const { code, stderr } = await shell("tsd ps", { [variable]: value });
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain(variable);
    expect(stderr).toContain(value.replace("\n", "\\x0a"));
  });

  test("and directories that would hold each other's files", async () => {
    const { root, runDirectory } = lab().host;
    for (const [variable, value] of [
      ["TSD_RUN", root],
      ["TSD_RUN", `${root}/containers/x`],
      ["TSD_ROOT", `${runDirectory}/netns`],
    ] as const) {
      expect(await shell("tsd ps", { [variable]: value })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(value),
      });
    }
  });
});

test("few descriptors are named, and nothing that lives is taken for dead", async () => {
  const { host } = lab();
  await host.mustTsd(["run", "-d", "--name", "odd", "--net", "host", "busybox", "sleep", "60"]);
  for (const few of [24, 26, 28, 30]) {
    const { code, stderr } = await shell(`ulimit -n ${few}; tsd run --rm -p 81:81 busybox true`);
    expect(stderr).not.toContain("bug");
    // The executable needs fewer than Node.js.
    expect({ code, stderr }).toEqual(
      few >= 28 && code === 0
        ? { code: 0, stderr: "" }
        : { code: 125, stderr: expect.stringMatching(/too many|EMFILE/i) },
    );
    expect(await host.mustTsd(["ps", "--format", "{{.Names}} {{.State}}"])).toMatch(/odd running/);
  }
  await host.mustTsd(["rm", "-f", "odd"]);
  await removeDefaultNetwork(lab());
}, 60_000);

test("the first dry run on a machine without state makes a plan, and nothing else", async () => {
  const root = join(lab().host.root, "nowhere");
  const { code, stdout, stderr } = await shell("tsd network create --dry-run first", {
    TSD_ROOT: root,
    TSD_RUN: `${root}-run`,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("ip link add");
  expect(() => rmdirSync(root)).toThrow("ENOENT");
});
