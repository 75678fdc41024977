import { describe, expect, test } from "@jest/globals";
import { serve } from "../../../../src/adapters/cni/serve.js";
import { World } from "../../../support/engine/world.js";
import { config, netns, Runtime, variables } from "./runtime.js";

const supportedVersions = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

describe("the environment", () => {
  test.each([
    ["ADD", { CNI_CONTAINERID: "", CNI_NETNS: "" }, "required env variables [CNI_CONTAINERID,CNI_NETNS] missing"],
    ["ADD", { CNI_IFNAME: "" }, "required env variables [CNI_IFNAME] missing"],
    ["CHECK", { CNI_NETNS: "" }, "required env variables [CNI_NETNS] missing"],
    ["DEL", { CNI_CONTAINERID: "", CNI_IFNAME: "" }, "required env variables [CNI_CONTAINERID,CNI_IFNAME] missing"],
    ["GC", { CNI_PATH: "" }, "required env variables [CNI_PATH] missing"],
    ["ADD", { CNI_CONTAINERID: "-c" }, 'CNI_CONTAINERID="-c" has invalid characters'],
    ["ADD", { CNI_CONTAINERID: "a/b" }, 'CNI_CONTAINERID="a/b" has invalid characters'],
    ["DEL", { CNI_CONTAINERID: "a\nb" }, 'CNI_CONTAINERID="a\\nb" has invalid characters'],
    ["ADD", { CNI_IFNAME: "sixteen-letters-" }, 'CNI_IFNAME="sixteen-letters-" is not a name for an interface'],
    ["ADD", { CNI_IFNAME: ".." }, 'CNI_IFNAME=".." is not a name for an interface'],
    ["ADD", { CNI_IFNAME: "a/b" }, 'CNI_IFNAME="a/b" is not a name for an interface'],
    ["ADD", { CNI_IFNAME: "a b" }, 'CNI_IFNAME="a b" is not a name for an interface'],
    ["ADD", { CNI_IFNAME: "a:b" }, 'CNI_IFNAME="a:b" is not a name for an interface'],
    ["add", {}, 'CNI_COMMAND="add" is none of ADD, DEL, CHECK, GC, STATUS, VERSION'],
    ["ADD", { CNI_ARGS: "IP" }, 'CNI_ARGS: "IP" is no pair'],
    ["ADD", { CNI_ARGS: "A=B" }, 'CNI_ARGS: "A=B" is unknown'],
    ["ADD", { CNI_ARGS: "IgnoreUnknown=1;A=B=C" }, 'CNI_ARGS: "A=B=C" is no pair'],
  ])("of %s with %j is refused", async (command, changes, msg) => {
    using world = new World();
    const { exitCode, json } = await new Runtime(world).call(command, config, changes);
    expect({ exitCode, json }).toEqual({
      exitCode: 1,
      json: { cniVersion: "1.1.0", code: 4, msg, details: expect.any(String) },
    });
  });

  test("of a person who runs it says what it is", async () => {
    using world = new World();
    const { stdout, stderr, exitCode } = await new Runtime(world).serve({}, "");
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
    expect(stderr).toContain("tsd as a plug-in of CNI");
  });

  test("names the plug-in's own namespace only with an override", async () => {
    using world = new World();
    const runtime = new Runtime(world);
    const own = { CNI_NETNS: "/proc/self/ns/net" };
    expect((await runtime.call("ADD", config, own)).json).toMatchObject({ code: 8 });
    const { json } = await runtime.call("ADD", config, { ...own, CNI_NETNS_OVERRIDE: "TRUE" });
    expect(json.code).not.toBe(8);
  });
});

describe("the configuration", () => {
  test.each([
    ["no JSON", "{", 6, /^standard input is not JSON/],
    ["nothing", "", 6, /^standard input is not JSON/],
    ["a list", "[]", 6, /^standard input holds \[\], and not an object$/],
    ["null", "null", 6, /^standard input holds null/],
    ["no name", { ...config, name: undefined }, 7, /^the network's name "" is missing or invalid$/],
    ["a name for the shell", { ...config, name: "a;b" }, 7, /^the network's name "a;b"/],
    ["a name that is none", { ...config, name: 7 }, 7, /^name: 7 is not a string$/],
    ["no version", { ...config, cniVersion: undefined }, 1, /^cniVersion "0\.1\.0" is not supported$/],
    ["a version to come", { ...config, cniVersion: "2.0.0" }, 1, /^cniVersion "2\.0\.0" is not supported$/],
    ["an unknown key", { ...config, subent: "10.0.0.0/8" }, 2, /^the field "subent" with the value "10\.0\.0\.0\/8"/],
    ["bandwidth", { ...config, runtimeConfig: { bandwidth: { ingressRate: 1 } } }, 2, /runtimeConfig\.bandwidth/],
    ["a bad subnet", { ...config, subnet: "10.5/24" }, 7, /10\.5\/24/],
    ["a bad option", { ...config, options: { icc: "perhaps" } }, 7, /icc/],
    ["an option that is an object", { ...config, options: { icc: {} } }, 7, /^options\.icc: \{\} is not a string$/],
    ["no such driver", { ...config, driver: "nothing" }, 7, /nothing/],
    ["port 0", { ...config, runtimeConfig: { portMappings: [{ hostPort: 0, containerPort: 80 }] } }, 7, /hostPort 0/],
    [
      "no port",
      { ...config, runtimeConfig: { portMappings: [{ hostPort: 80 }] } },
      7,
      /containerPort nothing is not a port/,
    ],
    [
      "a bad protocol",
      { ...config, runtimeConfig: { portMappings: [{ hostPort: 80, containerPort: 80, protocol: "icmp" }] } },
      7,
      /icmp/,
    ],
    ["two addresses", { ...config, runtimeConfig: { ips: ["10.5.0.8", "10.5.0.9"] } }, 7, /two IPv4 addresses/],
    ["an address elsewhere", { ...config, runtimeConfig: { ips: ["10.9.0.8"] } }, 7, /10\.9\.0\.8/],
    ["a bad MAC", { ...config, runtimeConfig: { mac: "02" } }, 7, /"02"/],
    ["a mode as a network", { ...config, network: "host" }, 7, /host/],
  ])("with %s is refused in words, and leaves nothing but a network", async (_, stdin, code, msg) => {
    using world = new World();
    const { json, exitCode } = await new Runtime(world).call("ADD", stdin);
    expect({ json, exitCode }).toMatchObject({ exitCode: 1, json: { code, msg: expect.stringMatching(msg) } });
    expect((await world.command()).endpoints.list()).toEqual([]);
  });

  test.each([
    ["CHECK", "0.3.1", "0.4.0"],
    ["GC", "1.0.0", "1.1.0"],
    ["STATUS", "1.0.0", "1.1.0"],
  ])("has %s not in %s, but from %s on", async (command, before, since) => {
    using world = new World();
    const runtime = new Runtime(world);
    const prevResult = { cniVersion: since };
    await runtime.call("ADD", config);
    const early = await runtime.call(command, { ...config, prevResult, cniVersion: before });
    expect(early.json).toMatchObject({
      code: 1,
      msg: `cniVersion ${before} has no ${command}, which came with ${since}`,
    });
    expect(await runtime.call(command, { ...config, prevResult, cniVersion: since })).toMatchObject({ exitCode: 0 });
  });

  test("may have capabilities and keys of others' domains", async () => {
    using world = new World();
    const extended = { ...config, capabilities: { portMappings: true }, "example.org/key": 1, args: { other: {} } };
    expect(await new Runtime(world).call("ADD", extended)).toMatchObject({ exitCode: 0 });
  });
});

test.each([
  ['{"cniVersion":"1.0.0"}', "1.0.0"],
  ["", "1.1.0"],
  ["garbage", "1.1.0"],
])("VERSION of %s lists the versions", async (stdin, cniVersion) => {
  using world = new World();
  const dummies = { CNI_CONTAINERID: "", CNI_NETNS: "dummy", CNI_IFNAME: "dummy", CNI_PATH: "dummy" };
  const { json, exitCode } = await new Runtime(world).call("VERSION", stdin, dummies);
  expect({ json, exitCode }).toEqual({ exitCode: 0, json: { cniVersion, supportedVersions } });
});

test("what goes wrong within is an error, too: standard input, the library, a defect", async () => {
  const run = async (): Promise<string> => "";
  const fails = (message: string) => () => {
    throw new Error(message);
  };
  const input = (): string => JSON.stringify(config);
  const unread = await serve({ env: variables("ADD"), input: fails("EIO"), open: fails("never"), run });
  expect(JSON.parse(unread.stdout)).toMatchObject({ code: 5, msg: "standard input cannot be read: EIO" });
  const defect = await serve({ env: variables("ADD", { CNI_NETNS: netns }), input, open: fails("boom"), run });
  expect(JSON.parse(defect.stdout)).toEqual({ cniVersion: "1.1.0", code: 999, msg: "boom" });
});
