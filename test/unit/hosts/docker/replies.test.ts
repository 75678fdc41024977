import { describe, expect, test } from "@jest/globals";
import { readChosenInterface } from "../../../../src/hosts/docker/read-interface.js";
import { readJoin } from "../../../../src/hosts/docker/read-join.js";

const called = { plugin: "p", verb: "NetworkDriver.Join" };

describe("what CreateEndpoint returns", () => {
  const open = { Address: "10.0.0.2/24", AddressIPv6: "", MacAddress: "" };

  test.each([
    [{}, { addresses: [] }],
    [{ Interface: null }, { addresses: [] }],
    [{ Interface: { Address: "", MacAddress: "" } }, { addresses: [] }],
    [
      { interface: { macaddress: "02:AB:00:00:00:01", AddressIPv6: "fd00::2/64" } },
      { addresses: ["fd00::2/64"], mac: "02:ab:00:00:00:01" },
    ],
  ])("%j", (answer, chosen) => expect(readChosenInterface(called, answer, open)).toEqual(chosen));

  test.each([
    [{ Interface: [] }, "Interface is"],
    [{ Interface: { Address: "10.0.0.2/24" } }, 'Address "10.0.0.2/24", and the request had said "10.0.0.2/24"'],
    [{ Interface: { AddressIPv6: "10.0.0.3/24" } }, "AddressIPv6 is"],
    [{ Interface: { AddressIPv6: "fe80::1%eth0/64" } }, "AddressIPv6 is"],
    [{ Interface: { AddressIPv6: ["fd00::2/64"] } }, "AddressIPv6 is"],
    [{ Interface: { MacAddress: "01:00:5e:00:00:01" } }, "MacAddress is"],
    [{ Interface: { MacAddress: "00:00:00:00:00:00" } }, "MacAddress is"],
    [{ Interface: { MacAddress: 7 } }, "MacAddress is"],
  ])("not %j", (answer, said) => {
    expect(() => readChosenInterface(called, answer, open)).toThrow(said);
  });
});

describe("what Join returns", () => {
  const addresses = ["10.0.0.2/24", "fd00::2/64"];

  test.each([
    [{}, { gateways: [], routes: [] }],
    [
      { InterfaceName: null, StaticRoutes: null, Gateway: "" },
      { gateways: [], routes: [] },
    ],
    [
      {
        InterfaceName: { SrcName: "v1", DstPrefix: "wire", DstName: "ignored" },
        Gateway: "10.0.0.1",
        GatewayIPv6: "fd00::1",
        StaticRoutes: [
          { Destination: "10.9.0.7/16", RouteType: 1 },
          { Destination: "10.8.0.0/16", NextHop: "10.9.1.1" },
          { Destination: "fd01::/64", RouteType: 0, NextHop: "fd00::9" },
        ],
        DisableGatewayService: true,
      },
      {
        source: "v1",
        prefix: "wire",
        gateways: ["10.0.0.1", "fd00::1"],
        routes: [
          { destination: "10.9.0.0/16" },
          { destination: "10.8.0.0/16", gateway: "10.9.1.1" },
          { destination: "fd01::/64", gateway: "fd00::9" },
        ],
      },
    ],
  ])("%j", (answer, joined) => expect(readJoin(called, answer, addresses)).toEqual(joined));

  test.each([
    [{ InterfaceName: "v1" }, "InterfaceName is"],
    [{ InterfaceName: { SrcName: "../../etc" } }, "SrcName is"],
    [{ InterfaceName: { SrcName: "sixteen-letters-" } }, "SrcName is"],
    [{ InterfaceName: { SrcName: "all" } }, "SrcName is"],
    [{ InterfaceName: { SrcName: "v1", DstPrefix: "a b" } }, "DstPrefix is"],
    [{ Gateway: "fd00::1" }, "Gateway is"],
    [{ Gateway: "10.0.0.1/24" }, "Gateway is"],
    [{ Gateway: "10.1.0.1" }, "which no address of the interface reaches"],
    [{ StaticRoutes: {} }, "StaticRoutes is"],
    [{ StaticRoutes: ["10.0.0.0/8"] }, "StaticRoutes has"],
    [{ StaticRoutes: [{ Destination: "10.9.0.0/33", RouteType: 1 }] }, "StaticRoutes has"],
    [{ StaticRoutes: [{ Destination: "10.9.0.0/16", RouteType: 0 }] }, "StaticRoutes has"],
    [{ StaticRoutes: [{ Destination: "10.9.0.0/16", RouteType: 2, NextHop: "10.0.0.1" }] }, "StaticRoutes has"],
    [{ StaticRoutes: [{ Destination: "10.9.0.0/16", NextHop: "fd00::1" }] }, "StaticRoutes has"],
    [{ StaticRoutes: [{ Destination: "10.9.0.0/16", NextHop: "10.7.0.1" }] }, "which no address"],
    [{ StaticRoutes: Array.from({ length: 1001 }, () => ({ Destination: "10.9.0.0/16", RouteType: 1 })) }, "1001"],
  ])("not %j", (answer, said) => {
    expect(() => readJoin(called, answer, addresses)).toThrow(said);
  });
});
