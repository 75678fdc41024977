import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { BridgeLink, Sweeper, VethLink } from "../../../src/api/index.js";
import { listMounts } from "../../../src/kernel/files/mount-table.js";
import { missingFeatures } from "../../../src/kernel/host/missing-features.js";
import { createNetns } from "../../../src/kernel/netns/named-netns.js";
import { directorySweeper } from "../../../src/kernel/orphans/orphan-directories.js";
import { linkSweeper } from "../../../src/kernel/orphans/orphan-links.js";
import { mountSweeper } from "../../../src/kernel/orphans/orphan-mounts.js";
import { namespaceSweeper } from "../../../src/kernel/orphans/orphan-namespaces.js";
import { markOf, otherRoots } from "../../../src/kernel/rtnetlink/links/link-mark.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, ip, leaveWorld, linkNames } from "./world.js";

beforeAll(() => enterWorld());
afterAll(() => leaveWorld());

const root = "/run/root";
const run = (...argv: readonly [string, ...string[]]) => execFileSync(argv[0], argv.slice(1), { stdio: "pipe" });
const whats = async (sweeper: Sweeper, wanted: Parameters<Sweeper["orphans"]>[0] = () => []) =>
  (await sweeper.orphans(wanted)).map(({ what }) => what);

describe("links", () => {
  const bridge: BridgeLink = { kind: "link", type: "bridge", name: "br-0123456789ab", mac: "02:42:00:00:00:01" };
  const veth: VethLink = {
    kind: "link",
    type: "veth",
    name: "veth0123456789a",
    master: bridge.name,
    hairpin: true,
    peer: { netns: "/run/netns/inner", name: "eth0" },
  };
  let provider: RtnetlinkProvider;
  let sweeper: Sweeper;

  beforeAll(() => {
    mkdirSync(root);
    createNetns("/run/netns/inner");
    provider = new RtnetlinkProvider(markOf(root));
    sweeper = linkSweeper(markOf(root));
  });
  afterAll(() => provider[Symbol.dispose]());

  test("bear the mark, which ip link shows, and are still found right", async () => {
    await provider.ensure([bridge, veth]);
    expect(ip(`link show ${bridge.name}`)).toMatchObject([{ ifalias: `tsd ${root}` }]);
    expect(ip(`link show ${veth.name}`)).toMatchObject([{ ifalias: `tsd ${root}` }]);
    expect(await provider.inspect([bridge, veth])).toEqual([]);
    // Adopted, they are marked as well.
    run("ip", "link", "set", veth.name, "alias", "");
    await provider.ensure([bridge, veth]);
    expect(ip(`link show ${veth.name}`)).toMatchObject([{ ifalias: `tsd ${root}` }]);
  });

  test("without a row are orphans, docker's and another installation's are not", async () => {
    run("ip", "link", "add", "br-ba9876543210", "type", "bridge");
    run("ip", "link", "add", "veth7654321", "type", "veth", "peer", "name", "veth1234567");
    mkdirSync("/run/other");
    run("ip", "link", "set", "veth7654321", "alias", markOf("/run/other"));
    expect(otherRoots(root)).toEqual(["/run/other"]);
    expect(await whats(sweeper)).toEqual([bridge.name, veth.name]);
    expect(await whats(sweeper, () => [bridge])).toEqual([veth.name]);
    expect(await whats(sweeper, () => [bridge, veth])).toEqual([]);
    // One of that name in a namespace is another.
    expect(await whats(sweeper, () => [bridge, { ...veth, netns: "/run/netns/inner" }])).toEqual([veth.name]);
    await sweeper.sweep(await sweeper.orphans(() => []));
    expect(linkNames()).toEqual(["lo", "br-ba9876543210", "veth1234567", "veth7654321"]);
    expect(linkNames("/run/netns/inner")).toEqual(["lo"]);
  });

  test("of another are not marked by a refused attempt to make one of that name", async () => {
    const theirs = { ...bridge, name: "br-ba9876543210" };
    await expect(provider.ensure([theirs])).rejects.toThrow(expect.objectContaining({ kind: "conflict" }));
    await expect(provider.ensure([{ ...veth, master: theirs.name, name: "veth1234567" }])).rejects.toThrow(
      expect.objectContaining({ kind: "conflict" }),
    );
    expect(await whats(sweeper)).toEqual([]);
  });
});

test("a root longer than an alias may be has a mark all the same", () => {
  const deep = `/run/${"ä".repeat(100)}/${"ö".repeat(100)}`;
  mkdirSync(deep, { recursive: true });
  run("ip", "link", "add", "deep0", "type", "bridge");
  run("ip", "link", "set", "deep0", "alias", markOf(deep));
  expect(otherRoots(deep)).not.toContain(markOf(deep).slice(4));
});

describe("namespaces", () => {
  const directory = "/run/tsd/netns";
  const sweeper = namespaceSweeper(directory);

  test("are none where there is no directory", async () => expect(await whats(sweeper)).toEqual([]));

  test("and empty files for one go without a row; names, files and directories of others stay", async () => {
    const [mine, lost, bare] = ["a", "b", "c"].map((digit) => `${directory}/${digit.repeat(12)}`) as [
      string,
      string,
      string,
    ];
    createNetns(mine);
    createNetns(lost);
    writeFileSync(bare, "");
    createNetns(`${directory}/lab`);
    writeFileSync(`${directory}/${"d".repeat(12)}`, "notes");
    mkdirSync(`${directory}/${"e".repeat(12)}`);
    expect(await whats(sweeper, () => [{ kind: "netns", path: mine }])).toEqual([lost, bare]);
    await sweeper.sweep(await sweeper.orphans(() => [{ kind: "netns", path: mine }]));
    expect(readdirSync(directory)).toEqual(["a".repeat(12), "d".repeat(12), "e".repeat(12), "lab"]);
    await sweeper.sweep(await sweeper.orphans(() => []));
    expect(existsSync(mine)).toBe(false);
  });
});

describe("directories and mounts of containers", () => {
  const parent = "/run/containers";
  const directories = directorySweeper(parent, { names: /^[0-9a-f]{64}$/, why: "its container is gone" });
  const mounts = mountSweeper(parent);
  const [mine, lost] = ["a", "b"].map((digit) => `${parent}/${digit.repeat(64)}`) as [string, string];
  const overlay = (path: string) => {
    for (const part of ["rootfs", "upper", "work", "lower"]) mkdirSync(`${path}/${part}`, { recursive: true });
    run(
      "mount",
      "-t",
      "overlay",
      "overlay",
      "-o",
      `lowerdir=${path}/lower,upperdir=${path}/upper,workdir=${path}/work`,
      `${path}/rootfs`,
    );
  };
  const mounted = () =>
    listMounts()
      .map(({ path }) => path)
      .filter((path) => path.startsWith(parent));

  beforeEach(() => {
    for (const path of mounted()) run("umount", path);
  });

  test("go without a row; what is called otherwise stays", async () => {
    overlay(mine);
    overlay(lost);
    overlay(`${parent}/lab`);
    writeFileSync(`${parent}/${"c".repeat(64)}`, "");
    const path = `${mine}/rootfs`;
    const held = { kind: "overlay", path, lower: [], upper: `${mine}/upper`, work: `${mine}/work` } as const;
    expect(await whats(mounts, () => [held])).toEqual([`${lost}/rootfs`]);
    await mounts.sweep(await mounts.orphans(() => [held]));
    expect(mounted()).toEqual([path, `${parent}/lab/rootfs`]);
    expect(await whats(directories, () => [{ kind: "directory", path: mine }])).toEqual([lost]);
    await directories.sweep(await directories.orphans(() => [{ kind: "directory", path: mine }]));
    expect(readdirSync(parent)).toEqual(["a".repeat(64), "c".repeat(64), "lab"]);
  });

  test("a directory in which another has mounted something stays, with what is in it", async () => {
    mkdirSync(`${lost}/upper/shared`, { recursive: true });
    run("mount", "-t", "tmpfs", "tmpfs", `${lost}/upper/shared`);
    writeFileSync(`${lost}/upper/shared/file`, "");
    await expect(directories.sweep([{ kind: "directory", what: lost, why: "" }])).rejects.toThrow(
      expect.objectContaining({ code: "TSD_DIRECTORY_MOUNTED" }),
    );
    expect(existsSync(`${lost}/upper/shared/file`)).toBe(true);
  });
});

test("this kernel lacks nothing, and asking leaves nothing", () => {
  const before = linkNames();
  expect(missingFeatures()).toEqual([]);
  expect(linkNames()).toEqual(before);
});
