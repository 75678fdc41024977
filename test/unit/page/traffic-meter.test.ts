import { expect, test } from "@jest/globals";
import type { ContainerStats } from "../../../src/api/index.js";
import { TrafficMeter } from "../../../src/page/host/traffic-meter.js";

interface Counted {
  readonly network?: string;
  readonly received: number;
  readonly sent: number;
}

function statsOf(
  name: string,
  links: readonly Counted[],
  port?: { readonly received?: number; readonly sent?: number },
) {
  const traffic = (bytes: number) => ({ bytes, packets: 0, dropped: 0 });
  const stats: ContainerStats = {
    ...{ id: name, name, time: "", memoryLimit: 0 },
    interfaces: links.map(({ received, sent, ...link }, index) => {
      return { interface: `eth${index}`, ...link, received: traffic(received), sent: traffic(sent) };
    }),
    ports: port === undefined ? [] : [{ protocol: "tcp", hostPort: 80, containerPort: 80, connections: 1, ...port }],
  };
  return stats;
}

test("the rate of a network is that of all interfaces on it, since the measurement before", () => {
  const meter = new TrafficMeter();
  meter.note(
    [
      statsOf("a", [{ network: "net", received: 100, sent: 1000 }]),
      statsOf("b", [{ network: "net", received: 0, sent: 0 }]),
    ],
    1000,
  );
  const { networks } = meter.note(
    [
      statsOf("a", [{ network: "net", received: 300, sent: 1000 }]),
      statsOf("b", [{ network: "net", received: 0, sent: 50 }]),
    ],
    3000,
  );
  expect(networks).toEqual([{ name: "net", received: 100, sent: 25, history: [0, 125] }]);
});

test("a container that came, or began again, counts from the next measurement on", () => {
  const meter = new TrafficMeter();
  meter.note([statsOf("a", [{ network: "net", received: 500, sent: 500 }])], 0);
  const stats = [
    statsOf("a", [{ network: "net", received: 10, sent: 510 }]),
    statsOf("b", [{ network: "net", received: 9e9, sent: 9e9 }]),
  ];
  expect(meter.note(stats, 1000).networks).toMatchObject([{ received: 0, sent: 10 }]);
});

test("a network that is gone leaves no history, and that of others is bounded", () => {
  const meter = new TrafficMeter();
  const on = (network: string) => [statsOf("a", [{ network, received: 0, sent: 0 }])];
  for (let second = 0; second < 100; second += 1) meter.note(on("one"), second * 1000);
  expect(meter.note(on("one"), 200_000).networks[0]?.history).toHaveLength(60);
  meter.note(on("two"), 201_000);
  expect(meter.note(on("one"), 202_000).networks).toMatchObject([{ name: "one", history: [0] }]);
});

test("what is forgotten has no rate, and no history", () => {
  const meter = new TrafficMeter();
  const on = (received: number) => [statsOf("a", [{ network: "one", received, sent: 0 }])];
  meter.note(on(0), 0);
  meter.note(on(10), 1000);
  meter.forget();
  expect(meter.note(on(3_600_000), 3_601_000).networks).toMatchObject([{ received: 0, history: [0] }]);
});

test("a port has rates only where the kernel counts its bytes", () => {
  const meter = new TrafficMeter();
  meter.note([statsOf("a", [], { received: 0, sent: 0 }), statsOf("b", [], {})], 0);
  const { ports } = meter.note([statsOf("a", [], { received: 10, sent: 20 }), statsOf("b", [], {})], 2000);
  expect(ports.map(({ owner, received, sent }) => [owner, received, sent])).toEqual([
    ["a", 5, 10],
    ["b", undefined, undefined],
  ]);
});
