import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { container, mapping, network } from "./documents.js";
import { PodmanHost } from "./podman-host.js";
import { recorded } from "./recorded.js";

const { input, netns } = recorded;
const { pn } = input.network_info;
const own = input.networks.pn;

describe("what podman 4.3.1 was recorded to say", () => {
  test("becomes a network, an endpoint and names, and is replied to as by netavark 1.4.0", async () => {
    using host = new PodmanHost();
    const { code, result } = await host.call(["setup", netns], input);
    expect({ code, result }).toEqual({ code: 0, result: recorded.output });
    const [row] = host.world.store.networks.list();
    expect(row?.network).toMatchObject({
      ...{ name: "podman-pn", driver: "bridge", options: { name: "podman1", mtu: "1400", isolate: "false" } },
      labels: { l: "1", "io.podman.network.id": pn.id, "io.podman.network.name": "pn" },
      subnets: [
        { cidr: "10.66.0.0/24", gateway: "10.66.0.1" },
        { cidr: "fd00:66::/64", gateway: "fd00:66::1" },
      ],
    });
    const [{ endpoint } = { endpoint: undefined }] = host.world.store.endpoints.list();
    expect(endpoint).toMatchObject({
      ...{ netns, interface: "eth0", mac: own.static_mac, addresses: ["10.66.0.9/24", "fd00:66::2/64"] },
      labels: { "io.podman.container.id": input.container_id, "io.podman.container.name": "pc" },
      ports: [
        { protocol: "tcp", hostAddress: "127.0.0.1", hostPort: 8088, containerPort: 80, count: 1 },
        { protocol: "udp", hostPort: 9000, containerPort: 9000, count: 2 },
      ],
    });
    expect(host.names()).toEqual({
      pn: `10.66.0.1,fd00:66::1\n${input.container_id} 10.66.0.9 fd00:66::2 pc,al,${input.container_id.slice(0, 12)}\n`,
    });
    expect(host.started).toEqual(["CONFIG/aardvark --config CONFIG/aardvark-dns -p 53 run"]);
    expectAgreement(host.world);
  });

  test("leaves nothing behind once it is torn down, and a second time does nothing", async () => {
    using host = new PodmanHost();
    const before = host.world.snapshot();
    await host.call(["setup", netns], input);
    for (const _ of [1, 2]) expect(await host.call(["teardown", netns], input)).toMatchObject({ code: 0, stdout: "" });
    expect(host.world.snapshot()).toEqual(before);
    expect(host.names()).toEqual({});
  });
});

test("what networks are called reaches no path", async () => {
  using host = new PodmanHost();
  const victim = join(host.config, "victim");
  const text = `10.66.0.1\n${input.container_id} 10.66.0.9  pc\n`;
  writeFileSync(victim, text);
  mkdirSync(join(host.config, "aardvark-dns"));
  const said = { ...input, networks: {}, network_info: { "../victim": pn } };
  for (const verb of ["setup", "teardown"]) await host.call([verb, netns], said);
  expect(readFileSync(victim, "utf8")).toBe(text);
});

describe("what newer releases say", () => {
  test("networks come as a list, and containers with nameservers and options of their own", async () => {
    using host = new PodmanHost();
    const newer = {
      ...input,
      networks: [{ name: "pn", ...own, options: { host_interface_name: "theirs" } }],
      ...{ container_hostname: "h", dns_servers: ["192.0.2.53"] },
      network_info: { pn: { ...pn, network_dns_servers: ["192.0.2.1", "192.0.2.2"], internal: true, routes: null } },
    };
    const { code, result } = await host.call(["setup", netns], newer);
    expect({ code, result }).toEqual({ code: 0, result: recorded.output });
    expect(host.world.store.endpoints.list()[0]?.endpoint.options).toEqual({ ifname: "eth0", host_ifname: "theirs" });
    const id = input.container_id;
    const line = `${id} 10.66.0.9 fd00:66::2 pc,al,${id.slice(0, 12)} 192.0.2.53\n`;
    expect(host.names()).toEqual({ "pn%int": `10.66.0.1,fd00:66::1 192.0.2.1,192.0.2.2\n${line}` });
    await host.call(["update", "pn", "--network-dns-servers", "192.0.2.9"]);
    expect(host.names()).toEqual({ "pn%int": `10.66.0.1,fd00:66::1 192.0.2.9\n${line}` });
    await host.call(["update", "pn", "--network-dns-servers="]);
    expect(host.names()).toEqual({ "pn%int": `10.66.0.1,fd00:66::1\n${line}` });
  });
});

describe("ports", () => {
  test.each([
    [mapping, ["tcp 8080 80 1"]],
    [{ ...mapping, protocol: "tcp,udp", range: 3 }, ["tcp 8080 80 3", "udp 8080 80 3"]],
    [{ ...mapping, protocol: "", range: 0 }, ["tcp 8080 80 1"]],
    [{ ...mapping, host_ip: "127.0.0.1", protocol: "sctp" }, ["sctp 127.0.0.1 8080 80 1"]],
    [{ ...mapping, host_ip: "2001:db8::1" }, ["tcp 2001:db8::1 8080 80 1"]],
  ])("%j", async (port, expected) => {
    using host = new PodmanHost();
    const six = {
      subnets: [
        { subnet: "10.1.0.0/24", gateway: "10.1.0.1" },
        { subnet: "fd00:1::/64", gateway: "fd00:1::1" },
      ],
    };
    expect(
      await host.call(["setup", netns], container("c", 2, { n: network("n", 1, six) }, { port_mappings: [port] })),
    ).toMatchObject({ code: 0 });
    const ports = host.world.store.endpoints.list().flatMap(({ endpoint }) => endpoint.ports);
    const words = ports.map(({ protocol, hostAddress, hostPort, containerPort, count }) =>
      [protocol, ...(hostAddress === undefined ? [] : [hostAddress]), hostPort, containerPort, count].join(" "),
    );
    expect(words).toEqual(expected);
  });

  test("are published once by a container on two networks, and not on internal ones", async () => {
    using host = new PodmanHost();
    const networks = { a: network("a", 1, { internal: true }), b: network("b", 2), c: network("c", 3) };
    const { code } = await host.call(["setup", netns], container("c", 2, networks, { port_mappings: [mapping] }));
    expect(code).toBe(0);
    const published = host.world.store.endpoints
      .list()
      .map(({ endpoint }) => [endpoint.interface, endpoint.ports.length]);
    expect(published).toEqual([
      ["eth0", 0],
      ["eth1", 1],
      ["eth2", 0],
    ]);
    expectAgreement(host.world);
  });
});

describe("options of networks", () => {
  test.each([
    ["isolate", { options: { isolate: "true" } }, { isolate: "true" }],
    ["isolate strictly", { options: { isolate: "strict" } }, { isolate: "true" }],
    ["no MTU", { options: { mtu: "0" } }, {}],
    ["what is the default", { options: { mode: "managed", no_default_route: "false", metric: "5" } }, {}],
    [
      "addresses that packets leave with",
      { options: { outbound_addr4: "192.0.2.1" } },
      { outbound_addr4: "192.0.2.1" },
    ],
    [
      "internal without a gateway",
      { internal: true, subnets: [{ subnet: "10.1.0.0/24" }] },
      { gateway_mode: "isolated" },
    ],
  ])("%s", async (_what, changes, expected) => {
    using host = new PodmanHost();
    const said = container("c", 1, { n: network("n", 1, changes) }).valueOf() as object;
    const { code, result } = await host.call(
      ["setup", netns],
      Object.hasOwn(changes, "subnets") ? said : container("c", 2, { n: network("n", 1, changes) }),
    );
    expect({ code, error: result.error }).toEqual({ code: 0, error: undefined });
    const [row] = host.world.store.networks.list();
    expect(row?.network.options).toEqual({ name: "podman1", isolate: "false", ...expected });
    expectAgreement(host.world);
  });
});

describe("containers that went without a word", () => {
  test("are no obstacle: their addresses, ports and networks go to those that come", async () => {
    using host = new PodmanHost();
    const networks = { n: network("n", 1) };
    await host.call(["setup", netns], container("lost", 2, networks, { port_mappings: [mapping] }));
    host.namespaces.delete(netns);
    const next = container("next", 2, { ...networks, m: network("m", 2) }, { port_mappings: [mapping] });
    expect(await host.call(["setup", "/run/netns/b"], next)).toMatchObject({ code: 0 });
    expect(host.world.store.endpoints.list()).toHaveLength(2);
    expect(await host.call(["teardown", "/run/netns/b"], next)).toMatchObject({ code: 0 });
    expect(host.world.store.networks.list()).toEqual([]);
  });

  test("and one that is set up again without a teardown is attached again", async () => {
    using host = new PodmanHost();
    await host.call(["setup", netns], input);
    expect(await host.call(["setup", netns], input)).toMatchObject({ code: 0, result: recorded.output });
    expect(host.world.store.endpoints.list()).toHaveLength(1);
    expect(host.names().pn?.split("\n")).toHaveLength(3);
  });

  test("a living container keeps what it has", async () => {
    using host = new PodmanHost();
    const networks = { n: network("n", 1) };
    await host.call(["setup", netns], container("a", 2, networks, { port_mappings: [mapping] }));
    const other = container("b", 3, networks, { port_mappings: [mapping] });
    expect(await host.call(["setup", "/run/netns/b"], other)).toMatchObject({
      code: 1,
      result: { error: expect.stringContaining("port 8080/tcp is published by endpoint") },
    });
    expect(host.world.store.endpoints.list()).toHaveLength(1);
  });
});

test("a network of tsd's own with the name is not touched", async () => {
  using host = new PodmanHost();
  const { networks } = await host.world.command();
  await networks.create({ name: "podman-pn", subnets: ["10.66.0.0/24"] });
  const { code, result } = await host.call(["setup", netns], input);
  expect({ code, result }).toEqual({
    code: 1,
    result: { error: expect.stringContaining('network "podman-pn" of tsd') },
  });
  expect(host.world.store.networks.list()).toHaveLength(1);
});

test("without aardvark-dns containers keep the nameservers of the host", async () => {
  using host = new PodmanHost();
  const { result } = await host.call(["setup", netns], input, { aardvark: false });
  expect(result.pn).toMatchObject({ dns_server_ips: [], dns_search_domains: [] });
});

test("versions are printed as text and as JSON", async () => {
  using host = new PodmanHost();
  expect((await host.call(["version"])).result).toMatchObject({ version: "1.2.3", default_fw_driver: "tsd" });
});
