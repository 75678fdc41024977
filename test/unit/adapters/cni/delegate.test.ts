import { describe, expect, test } from "@jest/globals";
import { TsdError } from "../../../../src/errors/tsd-error.js";
import { World } from "../../../support/engine/world.js";
import { config, netns, Runtime } from "./runtime.js";

/** A program that exists everywhere; what it says is the test's. */
const type = "sh";
const { subnet: _, ...bare } = config;
const managed = { ...bare, ipam: { type } };
const lease = {
  ips: [
    { address: "10.8.0.5/16", gateway: "10.8.0.1" },
    { address: "fd00:8::5/64", gateway: "fd00:8::1" },
  ],
  dns: { nameservers: ["10.8.0.1"] },
};

interface Addresses {
  readonly runtime: Runtime;
  /** Commands it was called with. */
  readonly calls: string[];
}

function plugIn(world: World, say: (command: string) => string): Addresses {
  const calls: string[] = [];
  const runtime = new Runtime(world, async (file, input, { CNI_COMMAND = "" }) => {
    expect(file).toBe("/bin/sh");
    expect(JSON.parse(input)).toMatchObject({ name: "net" });
    calls.push(CNI_COMMAND);
    return say(CNI_COMMAND);
  });
  return { runtime, calls };
}

function failing(stdout: string): never {
  const details = { stdout };
  throw new TsdError({ kind: "runtime", code: "TSD_EXEC_FAILED", message: "sh failed: exit 1", details });
}

describe("a plug-in for addresses", () => {
  test("gives addresses and the subnets around them, and hears every command", async () => {
    using world = new World();
    const { runtime, calls } = plugIn(world, (command) => (command === "ADD" ? JSON.stringify(lease) : ""));
    const { json } = await runtime.call("ADD", managed);
    expect(json).toMatchObject({
      ips: [
        { address: "10.8.0.5/16", gateway: "10.8.0.1" },
        { address: "fd00:8::5/64", gateway: "fd00:8::1" },
      ],
      dns: { nameservers: ["10.8.0.1"] },
    });
    const checked = { ...managed, prevResult: json };
    for (const [command, stdin] of [
      ["CHECK", checked],
      ["STATUS", managed],
      ["GC", managed],
      ["DEL", managed],
    ] as const)
      expect(await runtime.call(command, stdin)).toEqual({ exitCode: 0, json: undefined });
    expect(calls).toEqual(["ADD", "CHECK", "STATUS", "GC", "DEL"]);
  });

  test.each([
    [
      "an error of its own",
      () => failing('{"code":11,"msg":"no lease yet"}'),
      11,
      /ADD of the plug-in "sh" .* failed: no lease yet$/,
    ],
    ["nothing", () => failing(""), 108, /failed: sh failed: exit 1$/],
    ["garbage, and fails", () => failing("x".repeat(9000)), 108, /failed: sh failed: exit 1$/],
    ["garbage, and succeeds", () => "[garbage", 108, /it printed "\[garbage", which is no result$/],
    ["a result without addresses", () => "{}", 108, /it gave no address$/],
    ["addresses of another type", () => '{"ips":[7]}', 108, /failed: ips: \[7\] is not a list of objects$/],
    [
      "an address without a length",
      () => '{"ips":[{"address":"10.8.0.5"}]}',
      7,
      /gave "10\.8\.0\.5", which is no address/,
    ],
    ["two addresses of a family", () => '{"ips":[{"address":"10.8.0.5/24"},{"address":"10.8.0.6/24"}]}', 7, /two IPv4/],
  ])("that says %s fails the ADD, and gives back what it leased", async (_, say, code, msg) => {
    using world = new World();
    const { runtime, calls } = plugIn(world, (command) => (command === "ADD" ? say() : ""));
    const { json } = await runtime.call("ADD", managed);
    expect(json).toMatchObject({ code, msg: expect.stringMatching(msg) });
    expect(calls).toEqual(["ADD", "DEL"]);
    expect((await world.command()).endpoints.list()).toEqual([]);
  });

  test("gets its address back when tsd cannot attach, and tsd's own error counts", async () => {
    using world = new World();
    const { runtime, calls } = plugIn(world, (command) => (command === "ADD" ? JSON.stringify(lease) : failing("")));
    world.busyPorts.add(80);
    const runtimeConfig = { portMappings: [{ hostPort: 80, containerPort: 80, protocol: "tcp" }] };
    expect((await runtime.call("ADD", { ...managed, runtimeConfig })).json).toMatchObject({ code: 101 });
    expect(calls).toEqual(["ADD", "DEL"]);
  });

  test("is not asked for anything where the request itself is wrong", async () => {
    using world = new World();
    const { runtime, calls } = plugIn(world, () => JSON.stringify(lease));
    await runtime.call("ADD", { ...managed, runtimeConfig: { portMappings: [{}] } });
    expect(calls).toEqual([]);
  });

  test("fails the DEL that it refuses, after tsd's own part is done", async () => {
    using world = new World();
    const { runtime } = plugIn(world, (command) =>
      command === "ADD" ? JSON.stringify(lease) : failing('{"msg":"no"}'),
    );
    await runtime.call("ADD", managed);
    expect((await runtime.call("DEL", managed)).json).toMatchObject({
      code: 108,
      msg: expect.stringMatching(/DEL of .*: no$/),
    });
    expect((await world.command()).endpoints.list()).toEqual([]);
  });

  test.each(["../bin/sh", "..", "nothing-like-it", "a\0b"])("named %j is none", async (name) => {
    using world = new World();
    const { json } = await new Runtime(world).call("ADD", { ...bare, ipam: { type: name } }, { CNI_NETNS: netns });
    expect(json).toMatchObject({ code: 7, msg: expect.stringContaining(JSON.stringify(name)) });
  });
});
