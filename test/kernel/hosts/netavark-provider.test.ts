import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { NetavarkProvider } from "../../../src/hosts/netavark/netavark-provider.js";
import type { NetavarkEndpoint, NetavarkNetwork } from "../../../src/hosts/netavark/resources.js";
import { netavarkPlugins as plugins } from "../../support/hosts/netavark-plugins.js";
import { mustRun } from "../../support/lab/program.js";

let directory: string;
const netns = "/run/netns/inside";
const provider = new NetavarkProvider({ timeout: 1500 });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "netavark-"));
  await plugins.begin();
  await mustRun(["ip", "netns", "add", "inside"]);
});
afterAll(async () => {
  await mustRun(["ip", "netns", "delete", "inside"]);
  await plugins.end();
  rmSync(directory, { recursive: true });
});

/** Of a plug-in that is a line of a shell for each verb. */
function listed(name: string, verbs: Readonly<Record<string, string>>): [NetavarkNetwork, NetavarkEndpoint] {
  const cases = Object.entries({ create: "cat", ...verbs }).map(([verb, script]) => `${verb}) ${script};;`);
  plugins.add(name, `echo $1 >>${directory}/${name}.calls; case $1 in ${cases.join(" ")} esac`);
  const config = { name: "n", id: "a".repeat(64), driver: name };
  const network = { plugin: name, directory: join(directory, name), network: config };
  const call = { container_id: "b".repeat(64), network_options: { interface_name: "eth0" } };
  return [
    { kind: "netavark-network", name: "n", ...network },
    { kind: "netavark-endpoint", name: "eth0", network, netns, call },
  ];
}

const add = `ip -n inside link add eth0 type bridge >&2; ip -n inside address add 10.0.0.9/24 dev eth0`;
const reply = `echo '{"interfaces":{"eth0":{"mac_address":"","subnets":[{"ipnet":"10.0.0.9/24","gateway":null}]}}}'`;
const drop = "ip -n inside link delete eth0";

describe("a netavark plug-in", () => {
  test("is called once for what stands, and its reply is learnt", async () => {
    const both = listed("works", { setup: `${add}; ${reply}`, teardown: drop });
    const [network, endpoint] = both;
    expect((await provider.inspect(both)).map(({ problem }) => problem)).toEqual(["missing", "missing"]);
    await provider.ensure(both);
    await new NetavarkProvider().ensure(both);
    expect(await provider.inspect(both)).toEqual([]);
    expect(await provider.learn(endpoint)).toEqual({ addresses: ["10.0.0.9/24"] });
    expect(await provider.learn(network)).toBeUndefined();
    await provider.remove([endpoint, network]);
    await provider.remove([endpoint, network]);
    expect(callsOf("works")).toEqual(["create", "setup", "teardown"]);
    expect((await provider.inspect(both)).length).toBe(2);
  });

  test("is asked again for a network of which its reply is lost", async () => {
    const both = listed("asked", { setup: `${add}; ${reply}`, teardown: drop });
    await provider.ensure(both);
    rmSync(join(directory, "asked/network.json"));
    expect(await provider.inspect(both)).toEqual([{ resource: both[0], problem: "missing" }]);
    await provider.ensure(both);
    await provider.remove([...both].reverse());
    expect(callsOf("asked")).toEqual(["create", "setup", "create", "teardown"]);
  });

  test.each<[name: string, setup: string, teardown: string, said: RegExp]>([
    ["hangs", `${add}; sleep 1000`, drop, /verb setup: it did not end within 1\.5 seconds$/],
    ["hangs-twice", "sleep 1000", "sleep 1000", /verb setup: it did not end within 1\.5 seconds$/],
    ["idle", `${reply}`, "exit 1", /it reports eth0 in \/run\/netns\/inside, which has no such interface$/],
    ["deep", `${add}; head -c 900000 /dev/zero | tr '\\0' '['`, drop, /its reply is not JSON/],
  ])("that %s is undone, and then not called again", async (name, setup, teardown, said) => {
    const both = listed(name, { setup, teardown });
    await expect(provider.ensure(both)).rejects.toMatchObject({ kind: "plugin", message: expect.stringMatching(said) });
    await provider.remove([...both].reverse());
    await provider.remove([...both].reverse());
    expect(callsOf(name)).toEqual(["create", "setup", "teardown"]);
    await mustRun(["sh", "-c", "! ip -n inside link show eth0 2>/dev/null"]);
  });

  test("that leaves its interface has not removed it, unless the namespace goes", async () => {
    const both = listed("stays", { setup: `${add}; ${reply}`, teardown: "exit 0" });
    await provider.ensure(both);
    await expect(provider.remove([both[1]])).rejects.toThrow(/verb teardown: it left the interface eth0 in .*inside$/);
    const elsewhere = { ...both[1], netns: "/run/netns/none" };
    await provider.remove([elsewhere, both[0]]);
    await mustRun(["sh", "-c", drop]);
  });
});

function callsOf(name: string): readonly string[] {
  return readFileSync(join(directory, `${name}.calls`), "utf8")
    .trim()
    .split("\n");
}
