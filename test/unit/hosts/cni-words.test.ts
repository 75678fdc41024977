import { describe, expect, test } from "@jest/globals";
import type { HostView } from "../../../src/api/index.js";
import { confOf } from "../../../src/hosts/cni/conf-options.js";
import { capabilitiesOf, readCapabilities } from "../../../src/hosts/cni/endpoint-capabilities.js";
import { cni } from "../../../src/hosts/cni/index.js";
import { madeBridges } from "../../../src/hosts/cni/made-bridges.js";
import { readConflist } from "../../../src/hosts/cni/read-conflist.js";
import { refusedForNetworks } from "../../../src/hosts/cni/refused-options.js";
import { negotiate } from "../../../src/hosts/cni/versions.js";

const ecosystem = cni({ path: "/nowhere", run: "/run/tsd" });

describe("options as a configuration", () => {
  test.each<[options: Record<string, string>, conf: object]>([
    [
      { master: "eth0", mtu: "1400", promisc: "true" },
      { master: "eth0", mtu: 1400, promisc: true },
    ],
    [
      { "dns.domain": "a.test", "dns.nameservers": '["10.0.0.1"]' },
      { dns: { domain: "a.test", nameservers: ["10.0.0.1"] } },
    ],
    [
      { serial: "007", version: "1.10", big: "12345678901234567890" },
      { serial: "007", version: "1.10", big: "12345678901234567890" },
    ],
    [
      { sysctl: '{"net.core.somaxconn":"500"}', text: '"1"' },
      { sysctl: { "net.core.somaxconn": "500" }, text: "1" },
    ],
  ])("%j", (options, conf) => expect(confOf(options, refusedForNetworks)).toEqual(conf));

  test.each<[options: Record<string, string>, message: RegExp]>([
    [{ name: "x" }, /^the option name=x sets "name", which is tsd's to set$/],
    [{ "ipam.type": "static" }, /sets "ipam", which is tsd's/],
    [{ "runtimeConfig.mac": "x" }, /sets "runtimeConfig"/],
    [{ "a..b": "1" }, /^the option a\.\.b=1 has no key/],
    [{ "__proto__.x": "1" }, /has no key/],
    [{ "a.b.c.d.e.f.g.h.i": "1" }, /has no key/],
    [{ Parent: "eth0" }, /^the option Parent=eth0 is no option of CNI's plug-ins$/],
    [{ conflist: "/a" }, /^the option conflist=\/a is no option/],
    [{ "com.docker.network.driver.mtu": "9000" }, /is no option of CNI's plug-ins$/],
    [{ cni_path: "/a" }, /^the option cni_path=\/a is no option/],
    [{ a: "[1" }, /^the option a=\[1 is not JSON$/],
    [{ a: "1", "a.b": "2" }, /^the option a\.b=2 contradicts another option for the same key$/],
    [{ "a.b": "2", a: "1" }, /^the option a=1 contradicts/],
  ])("%j is refused", (options, message) => expect(() => confOf(options, refusedForNetworks)).toThrow(message));
});

describe("a list of plug-ins", () => {
  const read = (value: unknown) =>
    readConflist(typeof value === "string" ? value : JSON.stringify(value), "/a.conflist");

  test("keeps what a plug-in says for itself, and its versions", () => {
    const plugin = { type: "bridge", bridge: "br9", ipam: { type: "host-local", subnet: "10.1.0.0/24" }, x: [null] };
    const list = {
      cniVersion: "0.4.0",
      cniVersions: ["0.4.0", "1.0.0"],
      name: "net",
      disableCheck: "true",
      plugins: [plugin],
    };
    expect(read(list)).toEqual({ name: "net", versions: ["0.4.0", "1.0.0"], disableCheck: true, plugins: [plugin] });
  });

  test("of a file of old is its one plug-in", () => {
    expect(read({ cniVersion: "0.3.1", name: "net", type: "ptp", mtu: 9000 }).plugins).toMatchObject([
      { type: "ptp", mtu: 9000 },
    ]);
  });

  test.each<[value: unknown, message: RegExp]>([
    ["{", /^\/a\.conflist is no network configuration list of CNI: it is not JSON at position 1$/],
    ["root:$6$secret:", /: it is not JSON$/],
    ["[]", /it is not an object: a list$/],
    [{ cniVersion: "1.0.0", name: "net", plugins: [] }, /: plugins is empty$/],
    [
      { cniVersion: "1.0.0", name: "net", plugins: [{ type: "../sh" }] },
      /: plugins\[0\]\.type is not the name of a plug-in: "\.\.\/sh"$/,
    ],
    [{ cniVersion: "1.0.0", name: "net", plugins: [7] }, /: plugins\[0\] is not an object: 7$/],
    [{ cniVersion: "1.0.0", name: "a/b", plugins: [{ type: "ptp" }] }, /: name is not a name of letters/],
    [{ name: "net", plugins: [{ type: "ptp" }] }, /it is for version 0\.1\.0, and tsd speaks 0\.3\.0/],
    [{ cniVersion: "2.0.0", name: "net", plugins: [{ type: "ptp" }] }, /it is for version 2\.0\.0/],
    [
      { cniVersion: "1.0.0", name: "net", plugins: [{ type: "ptp", capabilities: 1 }] },
      /capabilities is not an object: 1$/,
    ],
    ...["ptp", "bridge", "portmap", "macvlan"].map((ipam): [object, RegExp] => [
      { cniVersion: "1.0.0", name: "net", plugins: [{ type: "bridge", ipam: { type: ipam } }] },
      new RegExp(`: plugins\\[0\\]\\.ipam\\.type is not the name of a plug-in that leases addresses: "${ipam}"$`),
    ]),
    [
      { cniVersion: "1.0.0", name: "net", plugins: [{ type: "acme", ipam: { type: "acme" } }] },
      /ipam\.type is not the name of a plug-in that leases addresses: "acme"$/,
    ],
  ])("%j is refused", (value, message) => expect(() => read(value)).toThrow(message));

  test("has bridges that tsd makes, unless they are another's or have VLANs", () => {
    const list = (...plugins: readonly object[]) => ({
      name: "net",
      plugins: plugins.map((one) => ({ type: "bridge", ...one })),
    });
    const host = {
      link: (name: string) =>
        new Map([
          ["br0", {}],
          ["br1", { network: "other" }],
        ]).get(name),
    } as HostView;
    expect(madeBridges(host, list({}, { bridge: "br0" }, { bridge: "br2", vlan: 7 }, { type: "ptp" }))).toEqual([
      "cni0",
    ]);
    expect(() => madeBridges(host, list({ bridge: "br1" }))).toThrow(
      /^the list uses the bridge br1, which goes with network "other"$/,
    );
  });
});

test.each<[versions: readonly (readonly string[])[], offered: readonly string[] | undefined, chosen: string]>([
  [
    [
      ["0.3.1", "0.4.0", "1.0.0"],
      ["0.4.0", "1.0.0", "1.1.0"],
    ],
    undefined,
    "1.0.0",
  ],
  [[["0.3.0", "1.1.0"]], undefined, "1.1.0"],
  [[["0.4.0", "1.0.0", "1.1.0"]], ["0.4.0", "1.0.0"], "1.0.0"],
])("plug-ins of versions %j and a list of %j speak %s", (versions, offered, chosen) => {
  expect(
    negotiate(
      versions.map((known) => ({ type: "x", versions: known })),
      offered,
    ),
  ).toBe(chosen);
});

describe("capabilities of an endpoint", () => {
  const list = { name: "net", plugins: [{ type: "portmap", capabilities: { portMappings: true, bandwidth: false } }] };
  const port = { protocol: "udp", hostAddress: "192.0.2.1", hostPort: 53, containerPort: 5353, count: 2 } as const;

  test("are its ports one by one, its MAC address, and what options say", () => {
    expect(capabilitiesOf(list, { mac: "02:00:00:00:00:01", ports: [port] }, {})).toEqual({
      mac: "02:00:00:00:00:01",
      portMappings: [
        { hostPort: 53, containerPort: 5353, protocol: "udp", hostIP: "192.0.2.1" },
        { hostPort: 54, containerPort: 5354, protocol: "udp", hostIP: "192.0.2.1" },
      ],
    });
    expect(readCapabilities({ "bandwidth.ingressRate": "1000", ips: '["10.1.0.9/24"]' })).toEqual({
      bandwidth: { ingressRate: 1000 },
      ips: ["10.1.0.9/24"],
    });
  });

  test("are refused that no plug-in has, or that none can have", () => {
    const endpoint = { mac: "02:00:00:00:00:01", ports: [port] };
    expect(() => capabilitiesOf({ ...list, plugins: [{ type: "ptp" }] }, endpoint, {})).toThrow(
      /^port 53 cannot be published: no plug-in of the CNI network "net" has the capability "portMappings"$/,
    );
    expect(() => capabilitiesOf(list, endpoint, { bandwidth: {} })).toThrow(/^bandwidth cannot be set: /);
    expect(() => readCapabilities({ speed: "9" })).toThrow(/^"speed" is no capability of CNI's plug-ins$/);
    expect(() => readCapabilities({ mac: "9" })).toThrow(/which is tsd's to set$/);
  });
});

describe("names of drivers", () => {
  test.each(["cni:../sh", "cni:", "cni:-x", "bridge", "docker:x"])("%s is none of CNI", (name) => {
    expect(ecosystem.driver(name)).toBeUndefined();
  });

  test.each<[name: string, options: Record<string, string>, message: RegExp]>([
    ["cni", {}, /^the driver cni needs a network configuration list$/],
    ["cni", { conflist: "a.conflist" }, /conflist=a\.conflist is not an absolute path/],
    ["cni:ptp", { CNI_PATH: "bin" }, /^CNI_PATH names the directory "bin", which is not an absolute path$/],
    ["cni:portmap", {}, /"portmap" changes an interface that exists already, and makes no network by itself$/],
    ["cni:loopback", {}, /"loopback" changes an interface/],
    ["cni:vrf", {}, /"vrf" changes an interface/],
    ["cni:host-local", {}, /"host-local" leases addresses, and makes no network by itself$/],
    ["cni:bridge", { bridge: "a/b" }, /bridge=a\/b is not an interface name/],
  ])("%s refuses options %j", (name, options, message) => {
    expect(() => ecosystem.driver(name)?.parseOptions(options)).toThrow(message);
  });

  test("a network needs the plug-in and CNI's static, and is internal only behind a bridge of tsd's", () => {
    const network = { id: "n", name: "net", options: {} };
    const observe = (internal: boolean) =>
      ecosystem.driver("cni:ptp")?.observe?.({} as HostView, { ...network, internal });
    expect(() => observe(false)).toThrow(/^there is no CNI plug-in "ptp" in \/nowhere$/);
    expect(() => observe(true)).toThrow(/^network "net" of driver cni:ptp cannot be internal/);
  });

  test("dhcp is no IPAM driver", () => {
    expect(() => ecosystem.ipam?.("cni:dhcp")?.parseOptions({})).toThrow(
      /"dhcp" leases an address through the container's own interface/,
    );
  });

  test.each(["bridge", "macvlan", "portmap", "ptp"])(
    "%s is no IPAM driver, neither for a network nor for a lease of old",
    async (type) => {
      const driver = ecosystem.ipam?.(`cni:${type}`);
      const refused = new RegExp(`^the CNI plug-in "${type}" .*, and leases no addresses$`);
      expect(() => driver?.parseOptions({})).toThrow(refused);
      await expect(driver?.releaseAddress({ networkId: "n", options: {}, holder: "h" })).rejects.toThrow(refused);
    },
  );

  test("static gives no address that nobody names, and a mistyped plug-in is named", async () => {
    const [cidr, gateway] = ["10.1.0.0/24", "10.1.0.1"];
    const proposal = { networkId: "n", pool: { cidr, gateway }, options: {}, holder: "h", leased: [] };
    await expect(ecosystem.ipam?.("cni:static")?.proposeAddress(proposal)).rejects.toMatchObject({
      hint: "Name one: --ip ADDRESS",
    });
    expect(() => ecosystem.ipam?.("cni:host-locl")?.parseOptions({})).toThrow(
      expect.objectContaining({ hint: "Did you mean `host-local`?" }),
    );
  });

  test("a network and its leases keep the directories with which they were created", () => {
    const at = (path: string) => cni({ path, run: "/run/tsd" });
    const options = { CNI_PATH: "/bin:/usr/bin" };
    expect(at("/bin:/usr/bin").driver("cni:ptp")?.parseOptions({})).toEqual(options);
    expect(at("/nowhere").driver("cni:ptp")?.parseOptions(options)).toEqual(options);
    expect(
      at("/nowhere")
        .driver("cni")
        ?.parseOptions({ conflist: "/a", ...options }),
    ).toMatchObject(options);
    expect(at("/bin:/usr/bin").ipam?.("cni:env")?.parseOptions({})).toEqual(options);
  });
});

test("a list for a version that a plug-in does not speak is told which it does", () => {
  expect(() => negotiate([{ type: "firewall", versions: ["0.4.0", "1.0.0"] }], ["0.3.1"])).toThrow(
    expect.objectContaining({
      hint: 'Set "cniVersion" of the list to one that all its plug-ins speak; this one: 0.4.0, 1.0.0.',
    }),
  );
});
