import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../../src/api/index.js";
import { runCommand } from "./run-command.js";

const web = "c".repeat(64);
const net = "d".repeat(64);
const base = { time: "2026-01-02T03:04:05.006Z" };
const ofWeb = { ...base, kind: "container", id: web, name: "web" } as const;
const image = { image: "reg:5000/busybox:1", name: "web", tier: "a b" };
const changes: readonly Change[] = [
  { number: 1, ...ofWeb, what: "creating", action: "create", attributes: image },
  { number: 2, ...ofWeb, what: "starting" },
  {
    number: 3,
    ...base,
    kind: "endpoint",
    id: "e".repeat(64),
    what: "ready",
    action: "connect",
    attributes: { name: "back", type: "bridge", network: net, container: web, containerName: "web" },
  },
  { number: 4, ...ofWeb, what: "exec_create: sh", action: "exec_create: sh", attributes: image },
  {
    number: 5,
    ...base,
    kind: "image",
    id: "f".repeat(64),
    what: "deleted",
    action: "delete",
    attributes: { name: "x" },
  },
];
const tsd = {
  system: {
    async *events() {
      yield* changes;
    },
  },
};

describe("events", () => {
  test("are docker's lines, without tsd's own steps", async () => {
    expect((await runCommand("events", [], { tsd })).stdout.split("\n")).toEqual([
      `2026-01-02T03:04:05.006000000Z container create ${web} (image=reg:5000/busybox:1, name=web, tier=a b)`,
      `2026-01-02T03:04:05.006000000Z network connect ${net} (container=${web}, containerName=web, name=back, type=bridge)`,
      `2026-01-02T03:04:05.006000000Z container exec_create: sh ${web} (image=reg:5000/busybox:1, name=web, tier=a b)`,
      `2026-01-02T03:04:05.006000000Z image delete sha256:${"f".repeat(64)} (name=x)`,
      "",
    ]);
  });

  test.each([
    [["type=container"], "create exec_create: sh"],
    [["type=container", "event=create"], "create"],
    [["event=exec_create", "event=delete"], "exec_create: sh delete"],
    [["container=web"], "create connect exec_create: sh"],
    [["container=cccc"], "create connect exec_create: sh"],
    [["container=we"], ""],
    [["network=back"], "connect"],
    [["image=reg:5000/busybox"], "create exec_create: sh"],
    [["image=busybox"], ""],
    [["label=tier"], "create exec_create: sh"],
    [["label=tier=b"], ""],
    [["scope=local", "type=image"], "delete"],
  ])("filtered by %j are %s", async (filters, expected) => {
    const words = filters.flatMap((filter) => ["--filter", filter]);
    const { stdout } = await runCommand("events", [...words, "--format", "{{.Action}}"], { tsd });
    expect(stdout.trim().split("\n").join(" ")).toBe(expected);
  });

  test("have docker's fields as json, and tsd's own with --json", async () => {
    const docker = (await runCommand("events", ["--format", "json", "-f", "event=connect"], { tsd })).stdout;
    expect(JSON.parse(docker)).toEqual({
      Type: "network",
      Action: "connect",
      Actor: {
        ID: net,
        Attributes: { container: web, containerName: "web", name: "back", type: "bridge" },
      },
      scope: "local",
      time: 1767323045,
      timeNano: 1767323045006000000,
    });
    const own = (await runCommand("events", ["--json"], { tsd })).stdout.trim().split("\n");
    expect(own.map((line) => JSON.parse(line))).toEqual(changes);
    expect((await runCommand("events", ["-f", "type=pod"], { tsd })).error).toMatchObject({ kind: "invalid-input" });
  });
});
