import { describe, expect, test } from "@jest/globals";
import { checkSettings, parseSettings } from "../../../../src/engine/settings/host-settings.js";
import { failureOf } from "../../store/support/temporary-store.js";

const source = "/etc/tsd/config.json";

describe("settings", () => {
  test.each([
    {},
    { bridge: "none" },
    { bridge: "br-lan.7_a" },
    { bridge: "a23456789012345" },
    { bip: "10.10.0.1/24" },
    { "fixed-cidr": "10.10.0.128/25" },
    { ipv6: true, "fixed-cidr-v6": "fd00:1::/64" },
    { icc: false, "ip-forward": false },
    { ip: "192.0.2.1" },
    { ip: "2001:db8::1" },
    { mtu: 68 },
    { mtu: 65535 },
    { mtu: "auto" },
    { "default-address-pools": [] },
    {
      "default-address-pools": [
        { base: "10.80.0.0/12", size: 24 },
        { base: "fd00::/48", size: 64 },
      ],
    },
    { nat: "auto" },
    { nat: "nftables" },
    { nat: "iptables" },
    { nat: "none" },
    { registries: {} },
    { registries: { insecure: ["r.example:5000", "[fd00::1]:80"], mirrors: { "docker.io": ["https://m.example/"] } } },
  ])("%j are well-formed", (settings) => {
    expect(parseSettings(settings, source)).toEqual(settings);
  });

  const cidr4 = "an IPv4 address and a prefix length, as in 10.10.0.0/24";
  const cidr6 = "an IPv6 address and a prefix length, as in fd00:1::/64";
  const bip = "the address of a bridge and a prefix length, as in 10.10.0.1/24";
  const mtu = "a number of bytes from 68 to 65535, or auto";
  const registries =
    'such as {"mirrors": {"docker.io": ["https://mirror.example"]}, "insecure": ["registry.example:5000"]}';
  const pools = 'a list such as [{"base": "10.80.0.0/12", "size": 24}]';

  test.each([
    ["bridge", "", "the name of a bridge, or none"],
    ["bridge", "a234567890123456", "the name of a bridge, or none"],
    ["bridge", "br/0", "the name of a bridge, or none"],
    ["bridge", true, "the name of a bridge, or none"],
    ["bip", "10.10.0.1", bip],
    ["bip", "10.10.0.0/24", bip],
    ["bip", "10.10.0.1/33", bip],
    ["bip", "300.10.0.1/24", bip],
    ["bip", "0.0.1/24", bip],
    ["bip", "fd00::1/64", bip],
    ["bip", 10, bip],
    ["fixed-cidr", "10.10.0.0", cidr4],
    ["fixed-cidr", "10.10.0.0/", cidr4],
    ["fixed-cidr", "10.10.0.0/24/8", cidr4],
    ["fixed-cidr", "10.10.0.0/99", cidr4],
    ["fixed-cidr", "fd00::/64", cidr4],
    ["fixed-cidr-v6", "10.10.0.0/24", cidr6],
    ["fixed-cidr-v6", "fd00::/129", cidr6],
    ["fixed-cidr-v6", "fe80::%eth0/64", cidr6],
    ["ipv6", "true", "true or false"],
    ["icc", 1, "true or false"],
    ["ip-forward", null, "true or false"],
    ["ip", "localhost", "an IP address"],
    ["ip", "192.0.2.1/24", "an IP address"],
    ["ip", "fe80::1%eth0", "an IP address"],
    ["mtu", 67, mtu],
    ["mtu", 65536, mtu],
    ["mtu", 1500.5, mtu],
    ["mtu", "1500", mtu],
    ["default-address-pools", {}, pools],
    ["default-address-pools", [null], pools],
    ["default-address-pools", [{ base: "10.80.0.0/12" }], pools],
    ["default-address-pools", [{ base: "10.80.0.0", size: 24 }], pools],
    ["default-address-pools", [{ base: "10.80.0.0/12", size: "24" }], pools],
    ["default-address-pools", [{ base: "10.80.0.0/12", size: 24, count: 2 }], pools],
    ["nat", false, "the name of a NAT backend, or auto"],
    ["registries", [], registries],
    ["registries", { insecure: "r.example" }, registries],
    ["registries", { insecure: ["http://r.example"] }, registries],
    ["registries", { mirrors: { "docker.io": ["m.example"] } }, registries],
    ["registries", { mirrors: { "docker.io": ["https://a:b@m.example"] } }, registries],
    ["registries", { mirrors: { "docker.io": ["https://m.example/path"] } }, registries],
    ["registries", { mirror: {} }, registries],
  ])("%s cannot be %j", (key, value, expected) => {
    expect(failureOf(() => parseSettings({ mtu: 1400, [key]: value }, source))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_SETTING_INVALID",
      message: `${source}: ${key} ${JSON.stringify(value)} is not ${expected}`,
      details: { key },
    });
  });

  test.each(["brige", "BIP", "__proto__", "toString"])("have no key %s", (key) => {
    const value = JSON.parse(`{"${key}": "x"}`);
    expect(failureOf(() => parseSettings(value, source))).toMatchObject({
      kind: "invalid-input",
      message: `${source} has no setting "${key}"`,
      hint: expect.stringMatching(/^Use one of: bridge, bip, .*, nat, registries\.$/),
    });
  });

  test.each([null, [], "bip", 1])("are no %j", (value) => {
    expect(failureOf(() => parseSettings(value, source))).toMatchObject({
      kind: "invalid-input",
      message: `${source} does not hold an object`,
    });
  });
});

describe("together", () => {
  test.each([
    { bridge: "br9", "fixed-cidr": "10.10.0.128/25" },
    { bip: "10.10.0.1/24", nat: "none" },
    { nat: "none", icc: true },
    { nat: "nftables", icc: false },
  ])("%j go", (settings) => {
    expect(checkSettings(settings)).toBe(settings);
  });

  test.each([
    [
      { bridge: "br9", bip: "10.10.0.1/24" },
      "--bridge br9 and --bip 10.10.0.1/24 do not go together: the address of a bridge that exists is taken over",
    ],
    [
      { bridge: "none", bip: "10.10.0.1/24" },
      "--bridge none and --bip 10.10.0.1/24 do not go together: there is no bridge to give the address to",
    ],
    [
      { nat: "none", icc: false },
      "--nat none and --icc=false do not go together: without packet rules nothing keeps containers apart",
    ],
  ])("%j do not go", (settings, message) => {
    expect(failureOf(() => checkSettings(settings))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_SETTING_INVALID",
      message,
      details: settings,
    });
  });
});
