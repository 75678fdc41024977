import { describe, expect, test } from "@jest/globals";
import { PodmanHost } from "./podman-host.js";

const id = "a".repeat(64);
const bare = { name: "n", id, driver: "bridge", dns_enabled: true, internal: false, ipv6_enabled: false };
const used = { interfaces: ["podman2"], names: { podman3: id }, subnets: ["10.89.0.0/24"] };
const options = {
  subnet_pools: [{ base: "10.89.0.0/16", size: 24 }],
  ...{ default_interface_name: "podman", check_used_subnets: true },
};

async function create(network: object, changes: object = {}) {
  using host = new PodmanHost();
  return await host.call(["create"], { network: { ...bare, ...network }, used, options, ...changes });
}

describe("podman 6 has a network completed", () => {
  test("with a bridge, a subnet and a gateway that are free, and what it said besides", async () => {
    const { code, result } = await create({ labels: { a: "b" }, later: 1 });
    expect({ code, result }).toEqual({
      code: 0,
      result: {
        ...bare,
        ...{ labels: { a: "b" }, later: 1, network_interface: "podman4", ipam_options: { driver: "host-local" } },
        subnets: [{ subnet: "10.89.1.0/24", gateway: "10.89.1.1" }],
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    });
  });

  test.each([
    [
      { ipv6_enabled: true },
      [
        expect.stringMatching(/^10\.89\.1\.0\/24 10\.89\.1\.1$/),
        expect.stringMatching(/^fd[0-9a-f:]+::\/64 fd[0-9a-f:]+::1$/),
      ],
    ],
    [{ subnets: [{ subnet: "10.1.0.0/24", lease_range: { start_ip: "10.1.0.9" } }] }, ["10.1.0.0/24 10.1.0.1"]],
    [{ subnets: [{ subnet: "fd00:1::/64", gateway: "fd00:1::9" }] }, ["fd00:1::/64 fd00:1::9"]],
    [{ subnets: [{ subnet: "10.1.0.0/24" }], internal: true, dns_enabled: false }, ["10.1.0.0/24 none"]],
    [
      { network_interface: "podman2", options: { mode: "unmanaged" }, subnets: [{ subnet: "10.89.0.0/24" }] },
      ["10.89.0.0/24 10.89.0.1"],
    ],
    [{ driver: "macvlan", network_interface: "up0", subnets: [{ subnet: "10.1.0.0/24" }] }, ["10.1.0.0/24 10.1.0.1"]],
  ])("%j", async (network, expected) => {
    const { code, result } = await create(network);
    expect({ code, error: result.error }).toEqual({ code: 0, error: undefined });
    const subnets = result.subnets as readonly { readonly subnet: string; readonly gateway?: string }[];
    expect(subnets.map(({ subnet, gateway }) => `${subnet} ${gateway ?? "none"}`)).toEqual(expected);
  });

  test.each([
    [{ name: "podman3" }, /network "podman3" exists already/],
    [{ name: "a/b" }, /input\.network\.name is not a name/],
    [{ network_interface: "podman2" }, /the bridge podman2 of network "n" exists already/],
    [{ subnets: [{ subnet: "10.89.0.128/25" }] }, /subnet 10\.89\.0\.128\/25 overlaps 10\.89\.0\.0\/24/],
    [{ subnets: [{ subnet: "10.1.0.0/24" }, { subnet: "10.1.0.0/25" }] }, /10\.1\.0\.0\/25 overlaps 10\.1\.0\.0\/24/],
    [{ subnets: [{ subnet: "10.1.0.0" }] }, /input\.network\.subnets\[0\]\.subnet is not a CIDR: "10\.1\.0\.0"/],
    [{ subnets: [{ subnet: "10.1.0.0/24", gateway: "10.2.0.1" }] }, /gateway 10\.2\.0\.1 is not in subnet/],
    [{ driver: "macvlan" }, /takes its addresses from "dhcp"/],
    [{ driver: "mine" }, /has the driver "mine"/],
    [{ options: { vlan: "5" } }, /has the option vlan=5/],
  ])("and refused: %j", async (network, expected) => {
    expect(await create(network)).toMatchObject({ code: 1, result: { error: expect.stringMatching(expected) } });
  });

  test("and refused where no subnet is free", async () => {
    const full = { ...used, subnets: ["10.89.0.0/16"] };
    const { result } = await create({}, { used: full });
    expect(result).toEqual({ error: "the network cannot be made: no subnet of 10.89.0.0/16 (by /24) is free" });
  });
});
