import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { File } from "../../../src/api/index.js";
import { FilesystemProvider } from "../../../src/kernel/files/filesystem-provider.js";
import { settledText, withMarkedLines } from "../../../src/kernel/files/shared-file.js";

const provider = new FilesystemProvider();
let root = "";
beforeEach(() => {
  root = fs.mkdtempSync("/tmp/tsd-shared-");
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const mark = "\t# tsd";
const file = (...names: readonly string[]): File => ({
  kind: "file",
  path: `${root}/hosts`,
  content: `127.0.0.1\tlocalhost\n${names.map((name) => `10.0.0.2\t${name}${mark}\n`).join("")}`,
  mode: 0o644,
  mark,
});
const text = () => fs.readFileSync(`${root}/hosts`, "latin1");
const ours = (name: string) => `10.0.0.2\t${name}${mark}\n`;

describe("a file that others write too", () => {
  test("is made whole, and then only its marked lines are kept, where they are", async () => {
    await provider.ensure([file("a", "b")]);
    expect(text()).toBe(file("a", "b").content);
    fs.chmodSync(`${root}/hosts`, 0o600);
    fs.writeFileSync(
      `${root}/hosts`,
      `# mine \xe9\n${ours("a")}192.0.2.7 inside\n${ours("b")}192.0.2.8 behind`,
      "latin1",
    );
    expect(await provider.inspect([file("a", "b")])).toEqual([]);
    await provider.ensure([file("b", "c")]);
    expect(text()).toBe(`# mine \xe9\n${ours("b")}${ours("c")}192.0.2.7 inside\n192.0.2.8 behind\n`);
    await provider.ensure([file()]);
    expect(text()).toBe("# mine \xe9\n192.0.2.7 inside\n192.0.2.8 behind\n");
    expect(fs.statSync(`${root}/hosts`).mode & 0o777).toBe(0o600);
  });

  test.each(["", "\n", "192.0.2.7 mine", "\n\n192.0.2.7 mine\n"])("gets its lines back behind %j", async (left) => {
    await provider.ensure([file("a")]);
    fs.writeFileSync(`${root}/hosts`, left);
    const wanted = file("a");
    const [drift] = await provider.inspect([wanted]);
    expect(drift).toMatchObject({ problem: "different", found: "other content" });
    expect(drift?.resource).toBe(wanted);
    await provider.ensure([file("a")]);
    expect(text()).toBe(`${left}${left === "" || left.endsWith("\n") ? "" : "\n"}${ours("a")}`);
  });

  test("that is larger than any list of names is neither read nor kept", async () => {
    await provider.ensure([file("a")]);
    fs.truncateSync(`${root}/hosts`, 2 ** 40);
    expect(await provider.inspect([file("a")])).toMatchObject([{ problem: "different" }]);
    await provider.ensure([file("b")]);
    expect(text()).toBe(file("b").content);
  });

  test("gives way as a whole to a new text where it is tsd's own of before, and stays where others changed it", async () => {
    const former = { ...file(), content: "nameserver 192.0.2.1\nsearch müller.example\n" };
    const next = { ...former, content: "nameserver 127.0.0.11\noptions ndots:0\n", replaces: [former.content] };
    await provider.ensure([former]);
    expect(await provider.inspect([{ ...next, replaces: ["nameserver 192.0.2.2\n"] }])).toEqual([]);
    expect(await provider.inspect([next])).toMatchObject([{ problem: "different" }]);
    await provider.ensure([next]);
    expect(fs.readFileSync(`${root}/hosts`, "utf8")).toBe(next.content);
    expect(await provider.inspect([next])).toEqual([]);
    await provider.ensure([{ ...former, replaces: [next.content] }]);
    expect(fs.readFileSync(`${root}/hosts`, "utf8")).toBe(former.content);
    fs.appendFileSync(`${root}/hosts`, "# mine\n");
    await provider.ensure([next]);
    expect(fs.readFileSync(`${root}/hosts`, "utf8")).toBe(`${former.content}# mine\n`);
    expect(await provider.inspect([next])).toEqual([]);
  });

  test.each(["a link", "a pipe", "a directory"])(
    "and that is %s by now is refused, and nothing is followed",
    async (kind) => {
      const make = {
        "a link": () => fs.symlinkSync("/etc/hosts", `${root}/hosts`),
        "a directory": () => fs.mkdirSync(`${root}/hosts`),
      };
      if (kind === "a pipe") await once(spawn("mkfifo", [`${root}/hosts`]), "exit");
      else make[kind as keyof typeof make]();
      await expect(provider.ensure([file("a")])).rejects.toMatchObject({ code: "TSD_PATH_CONFLICT" });
      expect(await provider.inspect([file("a")])).toMatchObject([{ problem: "different" }]);
    },
  );

  test.each([
    ["F_RDLCK", 0],
    ["F_WRLCK", 1],
  ])("is not waited for while one of them holds a lease on it: %s", async (_name, type) => {
    await provider.ensure([file("a")]);
    // F_SETLEASE is 1024 in <linux/fcntl.h>.
    const script = `open F, ${type === 0 ? '"<"' : '"+<"'}, $ARGV[0]; $SIG{IO} = sub {}; fcntl(F, 1024, ${type}) or die $!; $| = 1; print "held"; <STDIN>`;
    const holder = spawn("perl", ["-e", script, `${root}/hosts`], { stdio: ["pipe", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    expect(await provider.inspect([file("b")])).toMatchObject([{ problem: "different" }]);
    await expect(provider.ensure([file("b")])).rejects.toMatchObject({ details: { errno: "EAGAIN" } });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await provider.ensure([file("b")]);
    expect(text()).toBe(file("b").content);
  });
});

test("whatever others write, their lines stay in their order, and ours are those of the content", () => {
  const line = fc.oneof(fc.constantFrom("", "a", mark, `x${mark}`, `y ${mark}`, "# tsd"), fc.string({ maxLength: 5 }));
  const lines = fc.array(line.filter((one) => !one.includes("\n")));
  const isOurs = (one: string) => one.endsWith(mark);
  fc.assert(
    fc.property(lines, lines, (before, content) => {
      const after = withMarkedLines(before.map((one) => `${one}\n`).join(""), content.join("\n"), mark).split("\n");
      expect(after.pop()).toBe("");
      expect(after.filter(isOurs)).toEqual(content.filter(isOurs));
      expect(after.filter((one) => !isOurs(one))).toEqual(before.filter((one) => !isOurs(one)));
      const again = withMarkedLines(after.map((one) => `${one}\n`).join(""), content.join("\n"), mark);
      expect(again).toBe(after.map((one) => `${one}\n`).join(""));
    }),
  );
});

test("a text of tsd's own with other marked lines becomes what one with lines of others would", () => {
  const marked = fc.array(
    fc.constantFrom("a", "b", "c", "").map((name) => `${name}${mark}\n`),
    { maxLength: 6 },
  );
  const unmarked = fc.array(fc.constantFrom("x\n", "y\n", "\n", "# tsd\n"), { maxLength: 3 });
  const whole = fc.array(fc.oneof(marked, unmarked), { maxLength: 3 }).map((parts) => parts.flat().join(""));
  const text = fc.oneof(
    whole,
    fc.tuple(whole, fc.constantFrom("a", mark, "x")).map(([lines, last]) => lines + last),
  );
  const own = fc.tuple(unmarked, marked).map((parts) => parts.flat().join(""));
  const linesOf = (one: string) => one.split("\n").filter((line) => line.endsWith(mark));
  const isKept = (one: string, content: string) => linesOf(one).join("\n") === linesOf(content).join("\n");
  fc.assert(
    fc.property(fc.oneof(own, text), own, (before, content) => {
      const after = isKept(before, content) ? before : withMarkedLines(before, content, mark);
      expect(settledText(before, { content, mark })).toBe(after);
    }),
    { numRuns: 2000 },
  );
});
