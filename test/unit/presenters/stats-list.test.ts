import { expect, test } from "@jest/globals";
import type { ContainerStats } from "../../../src/api/index.js";
import { binarySize } from "../../../src/presenters/binary-size.js";
import { statsRow } from "../../../src/presenters/stats-list.js";
import { networkTrafficTable, portTrafficTable } from "../../../src/presenters/traffic-tables.js";

const none = { bytes: 0, packets: 0, dropped: 0 };
const stats: ContainerStats = {
  ...{ id: "a".repeat(64), name: "web", time: "2026-01-01T00:00:01.000Z", cpu: 1.5e9, memory: 2 * 1024 ** 2 },
  ...{ memoryLimit: 8 * 1024 ** 2, pids: 4, blockRead: 4100 },
  interfaces: [
    { interface: "eth0", network: "back", received: { bytes: 1200, packets: 3, dropped: 1 }, sent: none },
    { interface: "tun0", received: { bytes: 800, packets: 1, dropped: 0 }, sent: none },
  ],
  ports: [
    { protocol: "tcp", hostPort: 8080, containerPort: 80, connections: 2, received: 100, sent: 2000 },
    { protocol: "udp", hostIp: "127.0.0.1", hostPort: 53, containerPort: 53, connections: 1 },
  ],
};
const earlier = { ...stats, time: "2026-01-01T00:00:00.000Z", cpu: 1e9 };
const sample = { id: stats.id, name: "web", stats };

test("what a container uses is in docker's columns", () => {
  expect(statsRow(sample, earlier, { full: false })).toMatchObject({
    ...{ ID: "aaaaaaaaaaaa", Name: "web", CPUPerc: "50.00%", MemUsage: "2MiB / 8MiB", MemPerc: "25.00%" },
    ...{ NetIO: "2kB / 0B", BlockIO: "4.1kB / --", PIDs: "4" },
  });
});

test.each([
  ["no earlier look", undefined],
  ["a look at an earlier run", { ...earlier, cpu: 2e9 }],
  ["a look at the same moment", { ...earlier, time: stats.time }],
])("with %s there is no share of a processor", (_name, other) => {
  expect(statsRow(sample, other, { full: true }).CPUPerc).toBe("--");
});

test("one that has ended has no counters", () => {
  const row = statsRow({ ...sample, stats: undefined }, earlier, { full: false });
  expect(row).toMatchObject({ CPUPerc: "--", MemUsage: "-- / --", NetIO: "-- / --", PIDs: "--" });
});

test("traffic is listed by interface and by port", () => {
  expect(networkTrafficTable([sample], { colour: false }).split("\n").slice(1)).toEqual([
    "web       back      eth0        1.2kB (3)   0B (0)    1 / 0",
    "web       -         tun0        800B (1)    0B (0)    0 / 0",
    "",
  ]);
  expect(portTrafficTable([sample], { colour: false }).split("\n").slice(1)).toEqual([
    "web       80/tcp    0.0.0.0:8080   2             100B       2kB",
    "web       53/udp    127.0.0.1:53   1             --         --",
    "",
  ]);
});

test.each([
  [0, "0B"],
  [1023, "1023B"],
  [1536, "1.5KiB"],
  [2097152, "2MiB"],
  [1024 ** 6, "1024PiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(binarySize(bytes)).toBe(text);
});
