import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** All other tests run what bin/tsd prefers. */
describe.each([
  ["the executable", {}, /^JavaScript: +Bun v\d+\.\d+\.\d+ \(.*\/dist\/tsd\)$/m],
  ["Node.js", { TSD_NODE: process.execPath }, /^JavaScript: +Node\.js v\d+\.\d+\.\d+ \(.*node.*\)$/m],
])("bin/tsd by %s", (_, runtime, said) => {
  const tsd = (...words: readonly string[]): Promise<string> => lab().host.mustTsd(words, { env: { ...runtime } });

  test("says so, and takes a container with a published port from its start to its end", async () => {
    expect(await tsd("system", "info")).toMatch(said);
    await tsd("network", "create", "--subnet", "10.88.0.0/24", "both");
    await tsd(
      "run",
      "-d",
      "--name",
      "one",
      "--net",
      "both",
      "-p",
      "88:80",
      "busybox",
      "sh",
      "-c",
      "echo up; exec sleep 1000",
    );
    expect(await tsd("port", "one")).toBe("80/tcp -> 0.0.0.0:88");
    expect(await tsd("logs", "one")).toBe("up");
    expect(await tsd("exec", "one", "cat", "/etc/hostname")).toMatch(/^[0-9a-f]{12}$/);
    expect(await tsd("explain", "outside", "host:88")).toContain("one");
    expect(await tsd("check")).toBe("");
    await tsd("rm", "-f", "one");
    expect(await tsd("run", "--rm", "--net", "both", "busybox", "echo", "done")).toBe("done");
    await tsd("network", "rm", "both");
  });
});

test("Node.js keeps what it has compiled of commands, and makes no files by other words", async () => {
  const env = { TSD_NODE: process.execPath };
  await lab().host.mustTsd(["network", "ls"], { env });
  expect(await lab().host.tsd(["no-command"], { env })).toMatchObject({ code: 2 });
  const kept = readdirSync(resolve("dist/cache/cli"));
  expect(kept).toContainEqual(expect.stringMatching(/^library\.cjs-.*\.network-ls$/));
  expect(kept).not.toContainEqual(expect.stringMatching(/no-command/));
});
