import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

/** An installation whose Node.js says what it was called with. */
const root = mkdtempSync(join(tmpdir(), "tsd-netavark-"));
const node = join(root, "node");
const program = join(root, "dist/tsd-netavark.cjs");
beforeAll(() => {
  for (const directory of ["share/podman", "bin", "dist"]) mkdirSync(join(root, directory), { recursive: true });
  for (const file of ["share/podman/netavark", "bin/start-program"]) cpSync(file, join(root, file));
  symlinkSync("share/podman/netavark", join(root, "netavark"));
  writeFileSync(node, `#!/bin/sh\nprintf '%s|' "$@"\n`);
  chmodSync(node, 0o755);
});
afterAll(() => rmSync(root, { recursive: true }));

function call(variables: NodeJS.ProcessEnv): { readonly stdout: string; readonly status: number | null } {
  const { stdout, status } = spawnSync(join(root, "netavark"), ["setup", "a b"], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", ...variables },
  });
  return { stdout, status };
}

test("podman learns in its own words that tsd is not built, or that there is no Node.js", () => {
  const refusal = (variables: NodeJS.ProcessEnv): unknown => {
    const { stdout, status } = call(variables);
    return { status, error: JSON.parse(stdout).error };
  };
  const notBuilt = expect.stringMatching(/^tsd: .*dist\/tsd-netavark\.cjs does not exist\. Run script\/bootstrap/);
  expect(refusal({ TSD_NODE: node })).toEqual({ status: 1, error: notBuilt });
  writeFileSync(program, "");
  const noNode = expect.stringMatching(/^tsd: no Node\.js: \/nonexistent is not a program\. Install/);
  expect(refusal({ TSD_NODE: "/nonexistent" })).toEqual({ status: 1, error: noNode });
});

test("netavark by tsd starts through links, and passes its words on", () => {
  writeFileSync(program, "");
  const at = `${root}/share/podman/../../dist/tsd-netavark.cjs`;
  expect(call({ TSD_NODE: node })).toEqual({ status: 0, stdout: `--min-semi-space-size=16|--|${at}|setup|a b|` });
});
