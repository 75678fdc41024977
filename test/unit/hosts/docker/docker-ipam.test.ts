import { readdirSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { PoolProposal } from "../../../../src/api/index.js";
import { DockerIpam } from "../../../../src/hosts/docker/docker-ipam.js";
import { PluginServer, type Replies } from "../../../support/docker/plug-in-server.js";

const networkId = "a".repeat(64);
const holder = "b".repeat(64);
const proposal: PoolProposal = { networkId, networkName: "lan", family: 4, options: { io: "2" }, taken: [] };

/** An allocator that keeps nothing. */
const allocator: Replies = (verb, { PoolID, Address }) => {
  const cidr = String(PoolID).replace("pool/", "");
  const replies: Record<string, unknown> = {
    GetCapabilities: { RequiresMACAddress: true },
    GetDefaultAddressSpaces: { LocalDefaultAddressSpace: "here" },
    RequestPool: { PoolID: "pool/10.77.0.0/24", Pool: "10.77.0.0/24", Data: {} },
    RequestAddress: { Address: `${Address || "10.77.0.10"}/${cidr.split("/")[1]}` },
    ReleaseAddress: {},
    ReleasePool: null,
  };
  return replies[verb.replace("IpamDriver.", "")];
};

test("a network's life costs the calls that dockerd makes, and leaves no record", async () => {
  await using server = await PluginServer.replying(allocator);
  const records = `${server.directory}/records`;
  const open = (): DockerIpam => new DockerIpam("p", records, server.client());
  const wanted = {
    subnet: "10.77.0.0/24",
    range: "10.77.0.128/25",
    gateway: "10.77.0.1",
    auxiliary: { foo: "10.77.0.5" },
  };
  const pool = await open().proposePool({ ...proposal, ...wanted });
  expect(pool).toEqual({
    cidr: "10.77.0.0/24",
    gateway: "10.77.0.1",
    range: "10.77.0.128/25",
    auxiliary: { foo: "10.77.0.5" },
  });
  const lease = { networkId, holder, pool, options: {}, leased: [], mac: "02:42:81:42:fd:a4" };
  expect(await open().proposeAddress(lease)).toBe("10.77.0.10");
  await open().releaseAddress({ holder });
  await open().releaseAddress({ holder });
  await open().releasePool({ networkId });
  await open().releasePool({ networkId });
  const PoolID = "pool/10.77.0.0/24";
  const mac = "com.docker.network.endpoint.macaddress";
  expect(server.calls).toEqual([
    ["IpamDriver.GetCapabilities", {}],
    ["IpamDriver.GetDefaultAddressSpaces", {}],
    [
      "IpamDriver.RequestPool",
      { AddressSpace: "here", Pool: "10.77.0.0/24", SubPool: "10.77.0.128/25", Options: { io: "2" }, V6: false },
    ],
    [
      "IpamDriver.RequestAddress",
      { PoolID, Address: "10.77.0.1", Options: { RequestAddressType: "com.docker.network.gateway" } },
    ],
    ["IpamDriver.RequestAddress", { PoolID, Address: "10.77.0.5", Options: {} }],
    ["IpamDriver.RequestAddress", { PoolID, Address: "", Options: { [mac]: "02:42:81:42:fd:a4" } }],
    ["IpamDriver.ReleaseAddress", { PoolID, Address: "10.77.0.10" }],
    ["IpamDriver.ReleaseAddress", { PoolID, Address: "10.77.0.1" }],
    ["IpamDriver.ReleaseAddress", { PoolID, Address: "10.77.0.5" }],
    ["IpamDriver.ReleasePool", { PoolID }],
  ]);
  expect(readdirSync(records)).toEqual([]);
});

test("a pool in the way is asked for again, and given back in the end", async () => {
  let asked = 0;
  await using server = await PluginServer.replying((verb, body) => {
    if (verb !== "IpamDriver.RequestPool") return allocator(verb, body);
    const Pool = `10.${70 + asked++}.0.0/24`;
    return { PoolID: `pool/${Pool}`, Pool, Data: { "com.docker.network.gateway": Pool.replace("0/24", "7/24") } };
  });
  const ipam = new DockerIpam("p", `${server.directory}/records`, server.client());
  const taken = [{ cidr: "10.64.0.0/13", owner: "route 10.64.0.0/13 dev eth0", by: "host" }] as const;
  expect(await ipam.proposePool({ ...proposal, taken })).toEqual({ cidr: "10.72.0.0/24", gateway: "10.72.0.7" });
  const released = server.calls.filter(([verb]) => verb === "IpamDriver.ReleasePool").map(([, body]) => body);
  expect(released).toEqual([{ PoolID: "pool/10.70.0.0/24" }, { PoolID: "pool/10.71.0.0/24" }]);
  const all = [{ cidr: "10.0.0.0/8", owner: 'network "big"', by: "network" }] as const;
  await expect(ipam.proposePool({ ...proposal, taken: all })).rejects.toThrow(/proposed 64 pools .* network "big"$/);
  await ipam.releasePool({ networkId });
  expect(server.calls.filter(([verb]) => verb === "IpamDriver.ReleasePool")).toHaveLength(67);
});

test.each([
  ["RequestPool", { PoolID: "", Pool: "10.77.0.0/24" }, "it replied with no PoolID"],
  ["RequestPool", { PoolID: "x", Pool: "fd00::/64" }, 'the pool "fd00::/64", which is no IPv4 subnet'],
  ["RequestPool", { PoolID: "x", Pool: "10.78.0.0/24" }, 'the pool "10.78.0.0/24", and 10.77.0.0/24 was asked for'],
  ["RequestAddress", {}, "it replied with no address, and its pool is 10.77.0.0/24"],
  ["RequestAddress", { Address: "10.77.0.9" }, 'the address "10.77.0.9", and its pool'],
  ["RequestAddress", { Address: "10.79.0.9/24" }, 'the address "10.79.0.9/24", and its pool'],
  ["RequestAddress", { Error: "full" }, 'refused IpamDriver.RequestAddress: "full"'],
  ["GetDefaultAddressSpaces", { LocalDefaultAddressSpace: [] }, "LocalDefaultAddressSpace is"],
])("%s does not reply %j", async (method, reply, said) => {
  await using server = await PluginServer.replying((verb, body) =>
    verb === `IpamDriver.${method}` ? reply : allocator(verb, body),
  );
  const ipam = new DockerIpam("p", `${server.directory}/records`, server.client());
  await expect(ipam.proposePool({ ...proposal, subnet: "10.77.0.0/24" })).rejects.toThrow(said);
});
