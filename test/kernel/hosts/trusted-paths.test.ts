import { chmodSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { requirePlugin } from "../../../src/hosts/cni/search-path.js";
import { PluginClient } from "../../../src/hosts/docker/plugin-client.js";
import { readBoundedFile } from "../../../src/hosts/foreign/bounded-file.js";
import { pathFault } from "../../../src/kernel/files/path-fault.js";

const ALICE = 12_345;
/** Each has files `root` and `alice` of these, and all links are root's. */
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "trusted-"));
  makeDirectory("own", 0o755);
  makeDirectory("open", 0o777);
  makeDirectory("sticky", 0o1777);
  makeDirectory("alice", 0o755, ALICE);
  makeDirectory("own/group", 0o775, 0, ALICE);
  makeDirectory("alice/own", 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

function makeDirectory(name: string, mode: number, user = 0, group = 0): void {
  const path = join(directory, name);
  mkdirSync(path);
  writeFileSync(join(path, "root"), "");
  writeFileSync(join(path, "alice"), "");
  lchownSync(join(path, "alice"), ALICE, ALICE);
  chmodSync(path, mode);
  lchownSync(path, user, group);
}

function link(name: string, target: string, user = 0): string {
  const path = join(directory, name);
  symlinkSync(target, path);
  lchownSync(path, user, user);
  return name;
}

describe("what is at a path is root's to decide", () => {
  test.each<[way: string, make: () => string]>([
    ["in directories of root's", () => "own/root"],
    ["below a sticky directory", () => "sticky/root"],
    ["through a link of root's", () => link("own/link", "../sticky/root")],
    ["through an absolute link to a directory", () => `${link("link", join(directory, "own/."))}/root`],
    ["if it is missing where only root can make it", () => "own/none/none"],
  ])("%s", (_, make) => expect(pathFault(join(directory, make()))).toBeUndefined());

  test("where distributions have plug-ins", () => {
    for (const path of ["/usr/lib/cni", "/opt/cni/bin", "/run/docker/plugins", "/usr/libexec/netavark", "/bin/sh"])
      expect(pathFault(path)).toBeUndefined();
  });

  test.each<[way: string, make: () => string, fault: RegExp]>([
    ["a file of another's", () => "own/alice", /^belongs to user 12345, and not to root$/],
    ["a directory of another's above", () => "alice/own/root", /^is below .*\/alice, which belongs to user 12345, /],
    ["a directory that all write", () => "open/root", /^is below .*\/open, which can be changed by other users$/],
    ["a directory that a group writes", () => "own/group/root", /\/own\/group, which can be changed by other users$/],
    ["a sticky directory for what is in it", () => "sticky", /^can be changed by other users$/],
    ["a missing file that others can make", () => "sticky/none", /^is missing, and other users can make it$/],
    ["a link to another's file", () => link("own/link", "../alice/root"), /^is below .*\/alice, which belongs/],
    ["a link of another's", () => link("sticky/link", "../own/root", ALICE), /^leads through .*\/link, which belongs/],
    ["links in a circle", () => link("own/link", "link"), /^leads through too many symbolic links$/],
    ["a way out of another's directory", () => "alice/own/../../own/root", /^is below .*\/alice, which belongs/],
  ])("and not with %s", (_, make, fault) => {
    // As text, since join() leaves out `..`.
    expect(pathFault(`${directory}/${make()}`)).toMatch(fault);
  });
});

test("a plug-in of CNI is not called if another directory of its path is another's, where it might look for others", () => {
  const path = [join(directory, "own"), "/nowhere"];
  expect(requirePlugin("root", path)).toBe(join(directory, "own/root"));
  expect(() => requirePlugin("root", [...path, join(directory, "open")])).toThrow(
    /^the directory .*\/open of CNI plug-ins can be changed by other users$/,
  );
});

describe("a plug-in of docker's is not called", () => {
  const client = () =>
    new PluginClient(
      "p",
      { sockets: join(directory, "open"), specs: [join(directory, "own")] },
      { reply: 2000, pauses: [], afterFailure: 500 },
    );
  const calling = () => client().must("NetworkDriver.Leave", {});

  test("at a socket where all can have put it", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(join(directory, "open/p.sock"), resolve));
    await expect(calling()).rejects.toMatchObject({
      code: "TSD_DOCKER_UNTRUSTED",
      message: expect.stringMatching(/is below .*\/open, which can be changed by other users$/),
    });
    await new Promise((resolve) => server.close(resolve));
  });

  test.each<[what: string, content: () => string, user: number, said: RegExp]>([
    ["by an address that another wrote", () => "tcp://127.0.0.1:1", ALICE, /p\.spec belongs to user 12345, /],
    [
      "at a socket of another's",
      () => `unix://${directory}/alice/own/root`,
      0,
      /root is below .*\/alice, which belongs/,
    ],
  ])("%s", async (_, content, user, said) => {
    writeFileSync(join(directory, "own/p.spec"), content());
    lchownSync(join(directory, "own/p.spec"), user, user);
    await expect(calling()).rejects.toMatchObject({
      code: "TSD_DOCKER_UNTRUSTED",
      message: expect.stringMatching(said),
    });
  });

  test("by a file that is no JSON, of which the error quotes nothing", async () => {
    writeFileSync(join(directory, "own/p.json"), "root:$6$secret:\u001b[31m");
    await expect(calling()).rejects.toMatchObject({
      message: expect.stringMatching(/p\.json holds no address: it is not JSON$/),
    });
  });
});

test("a file is read up to a bound, whatever size it says it has", () => {
  const path = join(directory, "own/long");
  writeFileSync(path, "x".repeat(2048));
  expect(readBoundedFile(path, 2048)).toHaveLength(2048);
  expect(() => readBoundedFile(path, 1024)).toThrow(/^it has more than 1 KiB$/);
  for (const none of ["/dev/null", directory])
    expect(() => readBoundedFile(none, 1024)).toThrow(/^it is not a regular file$/);
  // It says that it has no size.
  expect(() => readBoundedFile("/proc/kallsyms", 1024)).toThrow(/^it has more than 1 KiB$/);
});
