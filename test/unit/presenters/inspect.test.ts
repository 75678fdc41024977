import { describe, expect, test } from "@jest/globals";
import type { ContainerSpec, ImageConfig } from "../../../src/api/index.js";
import { containerInspect } from "../../../src/presenters/container-inspect.js";
import { imageInspect } from "../../../src/presenters/image-inspect.js";
import { inspectText } from "../../../src/presenters/inspect-text.js";
import { networkInspect } from "../../../src/presenters/network-inspect.js";
import { makeContainer, makeDetails, makeEndpoint, makeImage, makeNetworkDetails } from "./samples.js";

describe("docker's shape", () => {
  test("of a network, its containers and its bare endpoints", () => {
    const details = makeNetworkDetails([
      { endpoint: makeEndpoint({ addresses: ["10.10.10.2/24", "fd00::2/64"] }), container: { id: "c1", name: "www" } },
      { endpoint: makeEndpoint({ id: "e2", netns: "/run/netns/lab" }) },
    ]);
    expect(networkInspect(details)).toMatchObject({
      Name: "web",
      Id: "a1".repeat(32),
      Scope: "local",
      Driver: "bridge",
      EnableIPv4: true,
      EnableIPv6: false,
      IPAM: { Driver: "default", Options: {}, Config: [{ Subnet: "10.10.10.0/24", Gateway: "10.10.10.1" }] },
      Containers: {
        c1: {
          Name: "www",
          EndpointID: "e1".repeat(32),
          MacAddress: "02:00:00:00:00:02",
          IPv4Address: "10.10.10.2/24",
          IPv6Address: "fd00::2/64",
        },
        "ep-e2": { Name: "/run/netns/lab", IPv6Address: "" },
      },
      Options: {},
      Labels: {},
    });
  });

  test("of a running container", () => {
    const shown = containerInspect(
      makeDetails(
        { spec: { image: "busybox", networks: [{ network: "web" }], memory: 1024, cpus: 0.1, labels: { a: "b" } } },
        { ports: [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 }] },
      ),
    );
    const ports = { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }] };
    expect(shown).toMatchObject({
      Id: "c1".repeat(32),
      Name: "/www",
      Path: "httpd",
      Args: ["-f"],
      Image: `sha256:${"b1".repeat(32)}`,
      State: { Status: "running", Running: true, Pid: 4711, FinishedAt: "0001-01-01T00:00:00Z" },
      HostConfig: { NetworkMode: "web", PortBindings: ports, Memory: 1024, NanoCpus: 100_000_000 },
      Config: { Hostname: "c1c1c1c1c1c1", Image: "busybox", Labels: { a: "b" } },
      NetworkSettings: {
        SandboxKey: "/run/tsd/netns/c1",
        IpNetns: "mkdir -p /run/netns && ln -sfn /run/tsd/netns/c1 /run/netns/www && ip netns exec www ip addr",
        Ports: ports,
        IPAddress: "10.10.10.2",
        Networks: {
          web: {
            NetworkID: "a1".repeat(32),
            EndpointID: "e1".repeat(32),
            Gateway: "10.10.10.1",
            IPAddress: "10.10.10.2",
            IPPrefixLen: 24,
            MacAddress: "02:00:00:00:00:02",
            GlobalIPv6Address: "",
          },
        },
      },
    });
  });

  test("of what a container asked for on its networks, and by which names it is known", () => {
    const spec = {
      networks: [
        { network: "a1a1", address: "10.10.10.2", address6: "fd00::2", options: { ifname: "lan0" }, links: ["cache"] },
      ],
      links: ["db:store"],
      expose: ["7000-7001", "53/udp"],
      publishAll: true,
      dns: ["192.0.2.1"],
      dnsSearch: ["example"],
      dnsOptions: ["ndots:2"],
      addHosts: ["me:192.0.2.9"],
      domainname: "example",
    };
    const sandbox = {
      id: "5a",
      netns: "/run/tsd/netns/c1",
      directory: "/run/tsd/files/c1",
      hostname: "site",
      hosts: [],
    };
    const details = makeDetails(
      { spec, sandbox },
      {
        addresses: ["10.10.10.2/24", "fd00::2/64"],
        aliases: ["front", "www"],
        gatewayPriority: 7,
        links: [{ addresses: ["10.10.10.3"], ports: [] }],
        ports: [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 }],
      },
    );
    const [endpoint] = details.endpoints;
    const endpoints = endpoint === undefined ? [] : [{ ...endpoint, gateway6: "fd00::1" }];
    expect(containerInspect({ ...details, endpoints })).toMatchObject({
      HostsPath: "/run/tsd/files/c1/hosts",
      ResolvConfPath: "/run/tsd/files/c1/resolv.conf",
      HostConfig: {
        NetworkMode: "a1a1",
        Links: ["db:store"],
        PublishAllPorts: true,
        Dns: ["192.0.2.1"],
        DnsSearch: ["example"],
        DnsOptions: ["ndots:2"],
        ExtraHosts: ["me:192.0.2.9"],
      },
      Config: {
        Hostname: "site",
        Domainname: "example",
        ExposedPorts: { "7000/tcp": {}, "7001/tcp": {}, "53/udp": {}, "80/tcp": {} },
      },
      NetworkSettings: {
        SandboxID: "5a",
        Ports: {
          "80/tcp": [
            { HostIp: "0.0.0.0", HostPort: "8080" },
            { HostIp: "::", HostPort: "8080" },
          ],
        },
        Networks: {
          web: {
            IPAMConfig: { IPv4Address: "10.10.10.2", IPv6Address: "fd00::2" },
            Links: ["db:store", "cache"],
            Aliases: ["front", "www"],
            DriverOpts: { ifname: "lan0" },
            GwPriority: 7,
            DNSNames: ["www", "front", "c1c1c1c1c1c1"],
            Gateway: "10.10.10.1",
            IPv6Gateway: "fd00::1",
            GlobalIPv6Address: "fd00::2",
            GlobalIPv6PrefixLen: 64,
          },
        },
      },
    });
  });

  test("of a container of the default network, which has no names there", () => {
    const details = makeDetails();
    const endpoints = details.endpoints.map((attached) => ({ ...attached, network: "bridge" }));
    expect(containerInspect({ ...details, endpoints })).toMatchObject({
      NetworkSettings: { Networks: { bridge: { IPAMConfig: null, Links: null, Aliases: null, DNSNames: null } } },
    });
  });

  test("of a network of both families, with all that was wished for", () => {
    const { network } = makeNetworkDetails();
    const subnets = [
      { cidr: "10.10.10.0/24", gateway: "10.10.10.1", range: "10.10.10.128/25", auxiliary: { printer: "10.10.10.9" } },
      { cidr: "fd00::/64", gateway: "fd00::1" },
    ];
    const ipam = { driver: "acme", options: { site: "x" } };
    const whole = { ...network, subnets, ipam, internal: true, dns: ["192.0.2.53"] };
    expect(networkInspect({ network: whole, hasResolver: true, endpoints: [] })).toMatchObject({
      ...{ DNSEnabled: true, NetworkDNSServers: ["192.0.2.53"] },
      EnableIPv4: true,
      EnableIPv6: true,
      Internal: true,
      IPAM: {
        Driver: "acme",
        Options: { site: "x" },
        Config: [
          {
            Subnet: "10.10.10.0/24",
            IPRange: "10.10.10.128/25",
            Gateway: "10.10.10.1",
            AuxiliaryAddresses: { printer: "10.10.10.9" },
          },
          { Subnet: "fd00::/64", Gateway: "fd00::1" },
        ],
      },
    });
  });

  test("of a container that holds nothing any more", () => {
    const container = makeContainer({ status: "exited", exitCode: 3, finishedAt: "2026-01-02T03:14:03Z" });
    const { pid: _pid, ...exited } = container;
    expect(containerInspect({ container: exited, endpoints: [], mounts: [] })).toMatchObject({
      State: { Status: "exited", Running: false, Pid: 0, ExitCode: 3, FinishedAt: "2026-01-02T03:14:03Z" },
      NetworkSettings: { SandboxID: "", SandboxKey: "", IpNetns: "", Ports: {}, IPAddress: "", Networks: {} },
    });
  });

  test("of a container that has never run, with the networks it will be on", () => {
    const attachment = {
      ...{ network: "a1", address: "10.10.10.9", mac: "02:00:00:00:00:09", aliases: ["site"], gatewayPriority: 3 },
      options: { ifname: "lan0" },
    };
    const configured = [
      { network: "web", networkId: "a1a1", attachment },
      { network: "gone", networkId: "", attachment: { network: "gone" } },
    ];
    const details = { container: makeContainer({ status: "created" }), endpoints: [], mounts: [], configured };
    expect(containerInspect(details)).toMatchObject({
      NetworkSettings: {
        IPAddress: "",
        Networks: {
          web: {
            ...{ IPAMConfig: { IPv4Address: "10.10.10.9", IPv6Address: "" }, Aliases: ["site"], NetworkID: "a1a1" },
            ...{ MacAddress: "02:00:00:00:00:09", DriverOpts: { ifname: "lan0" }, GwPriority: 3, IPAddress: "" },
            ...{ EndpointID: "", DNSNames: ["www", "site", "c1c1c1c1c1c1"] },
          },
          gone: { IPAMConfig: null, NetworkID: "", MacAddress: "" },
        },
      },
    });
  });

  describe("of what a container has from its image", () => {
    const image: ImageConfig = {
      entrypoint: ["entry"],
      command: ["cmd", "arg"],
      env: ["A=img", "B=img"],
      workdir: "/srv",
      user: "7",
      exposedPorts: ["80/tcp", "53/UDP"],
      labels: { a: "img", b: "img" },
    };
    const configOf = (spec: ContainerSpec, from: ImageConfig | undefined = image) => {
      const details = {
        container: makeContainer({ spec }),
        endpoints: [],
        mounts: [],
        ...(from === undefined ? {} : { image: from }),
      };
      return containerInspect(details).Config;
    };

    test("all of it, where the user says nothing", () => {
      expect(configOf({ image: "x", command: [], env: [], labels: {} })).toMatchObject({
        ...{ Env: ["A=img", "B=img"], Cmd: ["cmd", "arg"], Entrypoint: ["entry"], WorkingDir: "/srv", User: "7" },
        ...{ ExposedPorts: { "80/tcp": {}, "53/udp": {} }, Labels: { a: "img", b: "img" } },
      });
    });

    test("none of what the user says otherwise", () => {
      const own = {
        env: ["B=own", "C="],
        labels: { b: "own" },
        workdir: "/",
        user: "0",
        command: ["run"],
        expose: ["9"],
      };
      expect(configOf({ image: "x", ...own })).toMatchObject({
        ...{ Env: ["B=own", "C=", "A=img"], Cmd: ["run"], Entrypoint: ["entry"], WorkingDir: "/", User: "0" },
        ...{ ExposedPorts: { "80/tcp": {}, "53/udp": {}, "9/tcp": {} }, Labels: { a: "img", b: "own" } },
      });
    });

    test("no command beside an entrypoint of the user's", () => {
      expect(configOf({ image: "x", entrypoint: ["mine"] })).toMatchObject({ Cmd: [], Entrypoint: ["mine"] });
      expect(configOf({ image: "x", entrypoint: [], command: ["c"] })).toMatchObject({ Cmd: ["c"], Entrypoint: null });
    });
  });

  test.each([
    ["created", "created", false],
    ["starting", "created", false],
    ["running", "running", true],
    ["stopping", "running", true],
    ["exited", "exited", false],
  ] as const)("of a container that is %s", (status, Status, Running) => {
    expect(containerInspect(makeDetails({ status }))).toMatchObject({ State: { Status, Running } });
  });

  test("of an image", () => {
    expect(imageInspect({ image: makeImage() })).toMatchObject({
      Id: `sha256:${"b1".repeat(32)}`,
      RepoTags: ["busybox:latest"],
      Config: { Cmd: ["sh"], ExposedPorts: { "80/tcp": {} } },
      RootFS: { Type: "layers", Layers: [`sha256:${"f1".repeat(32)}`] },
    });
  });
});

describe("inspectText", () => {
  test("is an array without a template", () => {
    expect(JSON.parse(inspectText([{ a: 1 }]))).toEqual([{ a: 1 }]);
  });

  test("is a line for each with one", () => {
    expect(inspectText([{ a: 1 }, { a: 2 }], "{{.a}}")).toBe("1\n2\n");
    expect(inspectText([{ a: 1 }], "json")).toBe('{"a":1}\n');
  });
});
