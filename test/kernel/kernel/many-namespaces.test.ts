import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { BridgeLink, VethLink } from "../../../src/api/link-resource.js";
import type { Address, Netns, Route, Sysctl } from "../../../src/api/resource.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { countDescriptors, enterWorld, leaveWorld, linkNames, netlinkOperations } from "./world.js";

const namespaces = new NetnsProvider();
const provider = new RtnetlinkProvider();
const bridge: BridgeLink = { kind: "link", type: "bridge", name: "br0" };
const gateway: Address = { kind: "address", link: "br0", address: "10.10.10.1/24" };

beforeAll(() => enterWorld());
afterAll(() => {
  provider[Symbol.dispose]();
  leaveWorld();
});

describe("endpoints of many namespaces", () => {
  // More than the sockets that the provider keeps open.
  const many = Array.from({ length: 70 }, (_, at) => ({ path: `/run/netns/m${at}`, name: `many${at}`, at }));
  const cables = many.map(
    ({ path, name, at }): VethLink => ({
      ...{ kind: "link", type: "veth", name, master: "br0", hairpin: true, mac: `fe:00:00:00:01:${hex(at)}` },
      peer: { netns: path, name: "eth0", mac: `02:42:0a:0a:0b:${hex(at)}` },
    }),
  );
  const where = many.map(({ path, at }) => ({ netns: path, link: "eth0", host: at + 2 }));
  const addresses = where.map(
    ({ host, ...place }): Address => ({ kind: "address", ...place, address: `10.10.10.${host}/24` }),
  );
  const routes = where.map(
    ({ host: _host, ...place }): Route => ({
      ...{ kind: "route", ...place, destination: "0.0.0.0/0", gateway: "10.10.10.1" },
    }),
  );
  const parameters = many.map(
    ({ path: netns }): Sysctl => ({ kind: "sysctl", netns, key: "net/ipv6/conf/eth0/disable_ipv6", value: "1" }),
  );
  const lists = [...cables, ...parameters, ...addresses, ...routes];
  const places = many.map(({ path }): Netns => ({ kind: "netns", path }));

  beforeEach(async () => {
    await namespaces.ensure(places);
    await provider.ensure([bridge, gateway]);
  });
  afterEach(async () => {
    await namespaces.remove(places);
    await provider.remove([...cables, bridge]);
    expect(linkNames()).toEqual(["lo"]);
  });

  test("are made by one request for all links, one for all ports and one in each namespace, and go by one", async () => {
    const before = countDescriptors();
    const sent = await netlinkOperations(() => provider.ensure(lists));
    expect(sent.filter((what) => /^create link/.test(what))).toHaveLength(1);
    expect(sent.filter((what) => /^set up bridge port/.test(what))).toHaveLength(1);
    expect(sent.filter((what) => what.includes("/run/netns/m7"))).toHaveLength(1);
    expect(await provider.inspect([bridge, gateway, ...lists])).toEqual([]);
    const removed = await netlinkOperations(() => provider.remove(lists.toReversed()));
    expect(removed.filter((what) => /^(look up|delete) links/.test(what))).toHaveLength(2);
    expect(linkNames()).toEqual(["lo", "br0"]);
    expect(countDescriptors()).toBe(before);
  });

  test("are not made where one of them cannot be, and what was made of them can be removed", async () => {
    execFileSync("ip", ["link", "add", "many7", "type", "bridge"]);
    await expect(provider.ensure(lists)).rejects.toMatchObject({ kind: "conflict", code: "TSD_LINK_CONFLICT" });
    await provider.remove(lists.toReversed());
    expect(linkNames()).toEqual(["lo", "br0", "many7"]);
    execFileSync("ip", ["link", "delete", "many7"]);
  });
});

function hex(number: number): string {
  return number.toString(16).padStart(2, "0");
}
