import type { Traffic } from "../api/index.js";
import { byteSize } from "./byte-size.js";
import { hostPort } from "./port-list.js";
import type { Sample } from "./stats-list.js";
import { renderTable } from "./table.js";

interface Options {
  readonly colour: boolean;
}

/** A line for each interface of each container. */
export function networkTrafficTable(samples: readonly Sample[], options: Options): string {
  const lines = samples.flatMap(({ name, stats }) =>
    (stats?.interfaces ?? []).map((one) => [
      name,
      one.network ?? "-",
      one.interface,
      traffic(one.received),
      traffic(one.sent),
      `${one.received.dropped} / ${one.sent.dropped}`,
    ]),
  );
  const heading = ["NAME", "NETWORK", "INTERFACE", "RECEIVED", "SENT", "DROPPED"];
  return renderTable([heading, ...lines], options);
}

/** A line for each published port of each container. */
export function portTrafficTable(samples: readonly Sample[], options: Options): string {
  const lines = samples.flatMap(({ name, stats }) =>
    (stats?.ports ?? []).map((port) => [
      name,
      `${port.containerPort}/${port.protocol}`,
      hostPort(port.hostIp ?? "0.0.0.0", `${port.hostPort}`),
      `${port.connections}`,
      bytes(port.received),
      bytes(port.sent),
    ]),
  );
  return renderTable([["NAME", "PORT", "PUBLISHED AT", "CONNECTIONS", "RECEIVED", "SENT"], ...lines], options);
}

function traffic(one: Traffic): string {
  return `${byteSize(one.bytes)} (${one.packets})`;
}

function bytes(count: number | undefined): string {
  return count === undefined ? "--" : byteSize(count);
}
