import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PortBinding } from "../../../src/api/index.js";
import { portList, portMap } from "../../../src/presenters/port-list.js";
import { makeEndpoint } from "./samples.js";

function bind(hostPort: number, containerPort: number, more: Partial<PortBinding> = {}): PortBinding {
  return { protocol: "tcp", hostPort, containerPort, count: 1, ...more };
}

const dual = ["10.10.10.2/24", "fd00::2/64"];

test.each<[string, readonly PortBinding[], readonly string[], string]>([
  ["none", [], ["10.0.0.2/24"], ""],
  ["one", [bind(8080, 80)], ["10.0.0.2/24"], "0.0.0.0:8080->80/tcp"],
  ["both families", [bind(8080, 80)], dual, "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"],
  [
    "an address of its own",
    [bind(53, 53, { hostAddress: "127.0.0.1", protocol: "udp" })],
    dual,
    "127.0.0.1:53->53/udp",
  ],
  ["a range", [bind(9000, 90, { count: 10 })], ["10.0.0.2/24"], "0.0.0.0:9000-9009->90-99/tcp"],
  ["adjacent ports", [bind(8081, 81), bind(8080, 80)], ["10.0.0.2/24"], "0.0.0.0:8080-8081->80-81/tcp"],
  [
    "container ports side by side, host ports apart",
    [bind(8080, 80), bind(9090, 81)],
    ["10.0.0.2/24"],
    "0.0.0.0:8080->80/tcp, 0.0.0.0:9090->81/tcp",
  ],
  ["one port twice", [bind(8080, 80), bind(8081, 80)], ["10.0.0.2/24"], "0.0.0.0:8080->80/tcp, 0.0.0.0:8081->80/tcp"],
  [
    "neighbours of another protocol",
    [bind(8080, 80), bind(8081, 81, { protocol: "udp" })],
    ["10.0.0.2/24"],
    "0.0.0.0:8080->80/tcp, 0.0.0.0:8081->81/udp",
  ],
])("portList: %s", (_name, ports, addresses, text) => {
  expect(portList([makeEndpoint({ ports, addresses })])).toBe(text);
});

test("portMap takes ranges apart and gathers what leads to one port", () => {
  const ports = [bind(9000, 90, { count: 2 }), bind(8090, 90, { hostAddress: "127.0.0.1" })];
  expect(portMap([makeEndpoint({ ports })])).toEqual({
    "90/tcp": [
      { HostIp: "0.0.0.0", HostPort: "9000" },
      { HostIp: "127.0.0.1", HostPort: "8090" },
    ],
    "91/tcp": [{ HostIp: "0.0.0.0", HostPort: "9001" }],
  });
});

test("merging neither loses nor invents a port", () => {
  const binding = fc.record({
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
    hostPort: fc.integer({ min: 1, max: 30 }),
    containerPort: fc.integer({ min: 1, max: 30 }),
    count: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(binding, { maxLength: 12 }), (ports) => {
      const published = ports.reduce((sum, { count }) => sum + count, 0);
      const shown = [...portList([makeEndpoint({ ports })]).matchAll(/->(\d+)(?:-(\d+))?\//g)];
      const listed = shown.reduce((sum, [, first, last]) => sum + Number(last ?? first) - Number(first) + 1, 0);
      expect(listed).toBe(published);
    }),
  );
});
