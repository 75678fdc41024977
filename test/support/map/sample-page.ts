import type { HostMap } from "../../../src/api/index.js";
import type { Seen } from "../../../src/page/host/seen.js";

/** What the page shows of a map: its drift, a plan, rates, and an event of each container. */
export function seenOf(map: HostMap): Seen {
  const drifts = [...map.drifts, ...[...map.networks, ...map.stacks].flatMap((one) => [...one.drifts])];
  const sends = ["ip link add br-apart type bridge", "ip link set br-apart up"];
  return {
    look: {
      ...{ map, drifts },
      steps:
        drifts.length === 0
          ? []
          : [{ verb: "make", resources: [{ kind: "link", type: "bridge", name: "br-apart" } as never], sends }],
    },
    traffic: {
      networks: map.networks.map(({ name }, index) => ({
        ...{ name, received: 12_345 * index ** 3, sent: 998 * index },
        history: Array.from({ length: 60 }, (_, step) =>
          Math.round(Math.abs(Math.sin(step / (3 + index))) * 1000 * index),
        ),
      })),
      ports: map.stacks.flatMap(({ id, containers, attachments }) =>
        attachments.flatMap(({ ports }) =>
          ports.map(({ protocol, hostPort, containerPort }) => ({
            ...{ owner: containers[0]?.name ?? id, received: 1_234_567, sent: 88 },
            port: { protocol, hostPort, containerPort, connections: 3, received: 1, sent: 1 },
          })),
        ),
      ),
    },
    changes: map.stacks.map(({ id, containers }, index) => ({
      ...{
        number: index,
        time: `2026-01-02T03:04:${10 + index}Z`,
        kind: "container",
        id,
        what: "running",
        action: "start",
      },
      ...(containers[0] === undefined ? {} : { name: containers[0].name }),
    })),
  };
}
