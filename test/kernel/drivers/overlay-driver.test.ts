import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { isIntent, type RawOptions, type Resource } from "../../../src/api/index.js";
import { enterWorld, leaveWorld } from "../kernel/world.js";
import { driver, OverlayHost, reaches, sh } from "./overlay-hosts.js";

let hosts: readonly OverlayHost[] = [];
let before: readonly string[] = [];

beforeAll(() => {
  enterWorld();
  execFileSync("sh", ["-ec", "ip link add wire up type bridge forward_delay 0 mcast_snooping 0"]);
  hosts = [1, 2, 3].map((number) => new OverlayHost(number));
  before = hosts.map((host) => host.residue());
});
afterAll(() => {
  for (const host of hosts) host.close();
  leaveWorld();
});
afterEach(async () => {
  for (const host of hosts) await host.clear();
  expect(hosts.map((host) => host.residue())).toEqual(before);
});

const [one, two] = [() => host(0), () => host(1)];
function host(index: number): OverlayHost {
  const found = hosts[index];
  if (found === undefined) throw new Error(`no host ${index}`);
  return found;
}

/** The network on every host, with a container each, and one with an address of another host's block. */
async function span(options: RawOptions, underlay: (number: number) => string): Promise<void> {
  const placeOf = (each: OverlayHost) => each.placeAt(underlay(each.number));
  const pairs = hosts.flatMap((each) => hosts.flatMap((other) => (other === each ? [] : [[each, other] as const])));
  for (const each of hosts) await each.make(driver.network(each.network(options, placeOf(each))));
  for (const [each, other] of pairs) {
    await each.make(driver.peer(each.network(options, placeOf(each)), other.asPeer(placeOf(other))));
  }
  for (const each of hosts) {
    const network = each.network(options, placeOf(each));
    await each.attach(network, [`10.5.${each.number - 1}.11`, `fd00:5::${each.number - 1}:11`]);
  }
  // In the block of the third host.
  await two().attach(two().network(options, placeOf(two())), ["10.5.2.33", "fd00:5::2:33"]);
  for (const [each, other] of pairs) {
    const peers = other.containers.map((_, at) => other.endpointAsPeer(at, placeOf(other)));
    for (const peer of peers) await each.make(driver.peer(each.network(options, placeOf(each)), peer));
  }
}

/** What does not reply, from all containers and hosts to all containers. */
async function unreached(how = ""): Promise<readonly string[]> {
  const targets = hosts.flatMap(({ containers }) => containers.flatMap(({ addresses }) => addresses));
  const callers = [...hosts, ...hosts.flatMap(({ containers }) => containers)];
  const lost = await Promise.all(
    callers.map(async ({ netns }) => (await reaches(netns, targets, how)).map((to) => `${netns} ${to}`)),
  );
  return lost.flat();
}

const underlay4 = (number: number) => `192.0.2.${number}`;
const underlay6 = (number: number) => `2001:db8::${number}`;

describe.each([
  ["routed over VXLAN", {}, underlay4, 1450],
  ["routed over VXLAN by IPv6", {}, underlay6, 1430],
  ["one segment over VXLAN", { mode: "l2" }, underlay4, 1450],
  ["routed by the hosts themselves", { mode: "hostgw" }, underlay4, 1500],
  ["routed by the hosts themselves by IPv6", { mode: "hostgw" }, underlay6, 1500],
] as const)("a network of three hosts, %s", (_title, options: RawOptions, underlay, mtu) => {
  test("has each container reach each by each family, and each host too, up to the size of a packet", async () => {
    await span(options, underlay);
    expect(await unreached()).toEqual([]);
    for (const each of hosts) expect(await each.drift()).toEqual([]);
    const [caller] = one().containers;
    const [to = "", to6 = ""] = two().containers[0]?.addresses ?? [];
    const sizes = [to, to6]
      .filter((address) => address !== "")
      .map((address) => [address, mtu - (address.includes(":") ? 48 : 28)] as const);
    for (const [address, size] of sizes) {
      expect(await reaches(caller?.netns ?? "", [address], `-M do -s ${size}`)).toEqual([]);
      expect(await reaches(caller?.netns ?? "", [address], `-M do -s ${size + 1} -W 1`)).toEqual([address]);
      // Larger packets come in fragments.
      expect(await reaches(caller?.netns ?? "", [address], "-M dont -s 4000")).toEqual([]);
    }
  });
});

/** What host 1 has for host 2 and a container there. */
function listsOf(options: RawOptions): { readonly network: readonly Resource[]; readonly peers: readonly Resource[] } {
  const network = one().network(options);
  const container = { netns: "", addresses: ["10.5.2.33", "fd00:5::2:33"] };
  two().containers.push(container);
  const peers = [two().asPeer(), two().endpointAsPeer(0)].flatMap((peer) => driver.peer(network, peer));
  two().containers.pop();
  return { network: driver.network(network), peers: peers.filter((peer) => !isIntent(peer)) };
}

describe.each([{}, { mode: "l2" }, { mode: "hostgw" }])(
  "what a host has for another, with %j",
  (options: RawOptions) => {
    test("is missed one by one, and made and removed by the words of a plan as well", async () => {
      const { network, peers } = listsOf(options);
      await one().make(network);
      await one().make(peers);
      expect(await one().drift()).toEqual([]);
      for (const resource of peers) {
        sh((await one().words("remove", [resource])).join("\n"), one().netns);
        expect(await one().drift()).toEqual([`${resource.kind} missing`]);
        await one().ensure([resource]);
      }
      expect(await one().drift()).toEqual([]);
      await one().remove(peers);
      sh((await one().words("ensure", peers)).join("\n"), one().netns);
      expect(await one().drift(peers)).toEqual([]);
      await one().ensure(peers);
      await one().remove(peers);
    });

    test("outlives that the network is made again", async () => {
      const { network, peers } = listsOf(options);
      await one().make(network);
      await one().make(peers);
      await one().ensure(network);
      expect(await one().drift()).toEqual([]);
    });
  },
);
