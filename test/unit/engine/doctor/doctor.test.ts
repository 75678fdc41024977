import { describe, expect, test } from "@jest/globals";
import type { ContainerRow, EndpointRow, Listener, NetworkRow } from "../../../../src/contracts/index.js";
import { portCollisions } from "../../../../src/engine/doctor/collisions.js";
import {
  backwardClock,
  missingFeatures,
  missingPrograms,
  ungroupedContainers,
  unreadableBootId,
} from "../../../../src/engine/doctor/machine.js";
import { narrowBridges, wideNetworks } from "../../../../src/engine/doctor/mtu.js";
import { bridgeNetfilter } from "../../../../src/engine/doctor/packet-path.js";
import { vainListeners } from "../../../../src/engine/host-facts/vain-listeners.js";
import { TsdError } from "../../../../src/errors/tsd-error.js";

/** A host whose kernel parameters are these. */
const withParameters = (parameters: Readonly<Record<string, string>>) => ({
  parameter: (key: string) => parameters[key],
});

describe("br_netfilter", () => {
  const networks = [
    { network: { name: "a", options: {} }, resources: [{ kind: "localnet", link: "br-a" }] },
    { network: { name: "b", options: { icc: "false" } }, resources: [] },
    { network: { name: "c", options: {} }, resources: [{ kind: "localnet", link: "lan0", foreignPorts: true }] },
  ] as unknown as readonly NetworkRow[];
  const on = withParameters({ "net/bridge/bridge-nf-call-iptables": "1" });

  test("matters to networks that keep containers apart, and to those on bridges with ports of others", () => {
    expect(bridgeNetfilter(on, networks)).toEqual([
      {
        problem: expect.stringContaining('network "b" (icc=false)'),
        remedy: expect.stringContaining("net.bridge.bridge-nf-call-iptables=0"),
      },
      {
        problem: 'br_netfilter is on, so that published ports of containers of network "c" do not answer on 127.0.0.1',
        remedy: expect.stringContaining("net.bridge.bridge-nf-call-iptables=0"),
      },
    ]);
  });

  test("matters to no others, and only where it is on", () => {
    expect(bridgeNetfilter(on, networks.slice(0, 1))).toEqual([]);
    expect(bridgeNetfilter(withParameters({ "net/bridge/bridge-nf-call-iptables": "0" }), networks)).toEqual([]);
  });
});

describe("the clock", () => {
  const log = (time: string) => ({
    newest: () => 7,
    after: (number: number) =>
      number === 6 ? [{ number: 7, time, kind: "network", id: "1", what: "ready" } as const] : [],
  });
  const now = new Date("2026-01-01T00:00:00Z");

  test("that is behind the newest change has run backward", () => {
    expect(backwardClock(log("2026-01-01T00:00:05.000Z"), now)).toEqual([
      {
        problem: expect.stringMatching(/2026-01-01T00:00:00.000Z by the clock.*2026-01-01T00:00:05.000Z/),
        remedy: expect.anything(),
      },
    ]);
  });

  test("may be a little behind, and has nothing to be behind where nothing happened", () => {
    expect(backwardClock(log("2026-01-01T00:00:00.900Z"), now)).toEqual([]);
    expect(backwardClock({ newest: () => 0, after: () => [] }, now)).toEqual([]);
  });
});

describe("what the machine lacks", () => {
  test("is each program, by its package", async () => {
    const requireProgram = async (name: string): Promise<void> => {
      throw new TsdError({
        kind: "unsupported",
        code: "TSD_PROGRAM_MISSING",
        message: `no ${name}`,
        hint: `Install it: ${name}`,
      });
    };
    expect(await missingPrograms({ requireProgram })).toEqual([
      { problem: "no conmon", remedy: "Install it: conmon" },
      { problem: "no tar", remedy: "Install it: tar" },
    ]);
    expect(await missingPrograms({ requireProgram: async () => undefined })).toEqual([]);
  });

  test("is each feature of the kernel, by module and configuration", () => {
    const lacking = [
      { name: "veth links", module: "veth", config: "CONFIG_VETH" },
      { name: "VXLAN tunnels", module: "vxlan", config: "CONFIG_VXLAN" },
      { name: "control groups", config: "CONFIG_CGROUPS" },
    ];
    const host = { missingFeatures: () => lacking };
    expect(missingFeatures(host, true).map(({ problem }) => problem)).toContain("this kernel has no VXLAN tunnels");
    expect(missingFeatures(host, false)).toEqual([
      {
        problem: "this kernel has no veth links",
        remedy: "Load it (modprobe veth), or use a kernel with CONFIG_VETH.",
      },
      { problem: "this kernel has no control groups", remedy: "Use a kernel with CONFIG_CGROUPS." },
    ]);
  });

  test.each([undefined, "", "0"])("is a boot id that reads %j", (id) => {
    expect(unreadableBootId(withParameters(id === undefined ? {} : { "kernel/random/boot_id": id }))).toHaveLength(1);
  });

  test("is not a boot id that can be read", () => {
    expect(
      unreadableBootId(withParameters({ "kernel/random/boot_id": "0b5f2b0e-7a3b-4a58-9d0a-0123456789ab" })),
    ).toEqual([]);
  });

  test("are control groups that nobody mounted, which does no harm", () => {
    expect(ungroupedContainers({ crun: "1", cgroups: "absent" })).toMatchObject([{ harmless: true }]);
    expect(ungroupedContainers({ crun: "1", cgroups: "unified" })).toEqual([]);
  });
});

describe("MTU", () => {
  const network = (mtu: number | undefined, options = {}): NetworkRow =>
    ({
      network: { name: "n", internal: false, options },
      resources: [{ kind: "link", type: "bridge", name: "br9", ...(mtu === undefined ? {} : { mtu }) }],
    }) as unknown as NetworkRow;
  const endpoint = (master: string, mtu: number): EndpointRow =>
    ({
      endpoint: { interface: "eth0", addresses: ["10.0.0.2/24"] },
      resources: [{ kind: "link", type: "veth", name: "veth0", master, mtu, peer: { name: "eth0" } }],
    }) as unknown as EndpointRow;

  test("of a network made when the way out was wider is told, chosen or not", () => {
    const host = { egressMtu: () => 1400 };
    expect(wideNetworks(host, [network(1450)])).toHaveLength(1);
    expect(wideNetworks(host, [network(undefined)])).toHaveLength(1);
    expect(wideNetworks(host, [network(1400)])).toEqual([]);
    expect(wideNetworks({ egressMtu: () => undefined }, [network(1450)])).toEqual([]);
  });

  test("of a network behind another's bridge is what was asked for", () => {
    const behind = (mtu: string): NetworkRow => ({ ...network(1500, { mtu }), resources: [] });
    expect(wideNetworks({ egressMtu: () => 1400 }, [behind("1450")])).toHaveLength(1);
    expect(wideNetworks({ egressMtu: () => 1400 }, [behind("auto")])).toEqual([]);
  });

  test("of a bridge of another's that is narrower than an endpoint is told, of tsd's own is not", () => {
    const host = { linkMtu: () => 1400 };
    expect(narrowBridges(host, [], [endpoint("lan0", 1500)])).toEqual([
      {
        problem: expect.stringMatching(/^bridge lan0 has MTU 1400, and eth0 .* has 1500/),
        remedy: expect.stringContaining("-o mtu=1400"),
      },
    ]);
    expect(narrowBridges(host, [], [endpoint("lan0", 1400)])).toEqual([]);
    expect(narrowBridges(host, [network(1500)], [endpoint("br9", 1500)])).toEqual([]);
    expect(narrowBridges({ linkMtu: () => undefined }, [], [endpoint("lan0", 1500)])).toEqual([]);
  });
});

describe("published ports that the kernel hands out", () => {
  const container = (...publish: readonly string[]): ContainerRow =>
    ({ container: { name: "web", spec: { publish } } }) as unknown as ContainerRow;
  const host = (reserved = "") => ({
    portRange: () => ({ first: 32768, last: 60999 }),
    ...withParameters({ "net/ipv4/ip_local_reserved_ports": reserved }),
  });

  test.each<[string, number]>([
    ["8080:80", 0],
    ["80", 0],
    ["32767:80", 0],
    ["32768:80", 1],
    ["127.0.0.1:60999:53/udp", 1],
    ["61000:80", 0],
    ["32000-33000:2000-3000", 1],
  ])("%s: %i", (port, count) => expect(portCollisions(host(), [container(port)])).toHaveLength(count));

  test("do no harm, and are none where they are reserved", () => {
    expect(portCollisions(host(), [container("40000:80")])).toMatchObject([{ harmless: true }]);
    expect(portCollisions(host("22,39999-40001"), [container("40000:80")])).toEqual([]);
  });
});

describe("a process of the host that listens where a port is published", () => {
  const publish = { kind: "publish", owner: "e", bridge: "br0", protocol: "tcp", hostPort: 8080, count: 3 } as const;
  const row = (more: object, endpoint: object = {}): EndpointRow =>
    ({
      endpoint,
      resources: [{ ...publish, containerAddress: "10.1.0.2", containerPort: 80, ...more }],
    }) as unknown as EndpointRow;
  const findings = (more: object, listener: object, endpoint?: object) => {
    const all = [{ protocol: "tcp", ...listener } as Listener];
    const host = {
      findListeners: (isMeant: (one: Listener) => boolean) => all.filter(isMeant),
      portRange: () => ({ first: 32768, last: 60999 }),
    };
    return vainListeners(host, [row(more, endpoint)]);
  };

  test.each([
    [{}, "0.0.0.0", 8080, 1],
    [{}, "127.0.0.1", 8082, 1],
    [{}, "::", 8081, 1],
    [{}, "2001:db8::1", 8081, 0],
    [{}, "0.0.0.0", 8083, 0],
    [{}, "0.0.0.0", 8079, 0],
    [{ hostAddress: "192.0.2.1" }, "192.0.2.1", 8080, 1],
    [{ hostAddress: "192.0.2.1" }, "192.0.2.2", 8080, 0],
    [{ hostAddress: "192.0.2.1" }, "0.0.0.0", 8080, 1],
    [{ containerAddress: "fd00::2" }, "2001:db8::1", 8080, 1],
    [{ containerAddress: "fd00::2" }, "::1", 8080, 0],
    [{ protocol: "udp" }, "0.0.0.0", 8080, 0],
    [{ hostPort: 40000 }, "0.0.0.0", 40000, 1],
  ])("published %j, listened on at %s:%i: %i", (more, address, port, count) =>
    expect(findings(more, { address, port })).toHaveLength(count),
  );

  test("is not in vain where podman's supervisor holds the port of its container", () => {
    const holder = { address: "0.0.0.0", port: 8080, process: { pid: 7, name: "conmon" } };
    expect(findings({}, holder)).toEqual([]);
  });

  test("is on purpose where the port's user reserves it", () =>
    expect(findings({}, { address: "0.0.0.0", port: 8080 }, { reservesPorts: true })).toEqual([]));

  test("is named", () => {
    const [finding] = findings({}, { address: "0.0.0.0", port: 8080, process: { pid: 7, name: "nginx" } });
    expect(finding?.what).toBe("nginx (process 7) listens on port 8080/tcp of 0.0.0.0 in vain");
    expect(findings({ hostAddress: "192.0.2.1" }, { address: "::", port: 8080 })[0]?.what).toBe(
      "a process of the host listens on port 8080/tcp of :: in vain where 192.0.2.1 is called",
    );
  });
});
