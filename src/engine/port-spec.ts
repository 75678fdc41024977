import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { PortBinding, Protocol } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** A publication as asked for: `hostPort` is absent where any free port will do. */
export type PortRequest = Omit<PortBinding, "hostPort"> & {
  readonly hostPort?: number;
  /** Last port of the host range that one container port may take its host port from. */
  readonly hostPortEnd?: number;
};

const pattern = /^(?:(?:(?<address>\[[^\]]*\]|[^:[\]]*):)?(?<host>[^:]*):)?(?<container>[^:/]+)(?:\/(?<protocol>.*))?$/;

/**
 * Parses docker's `-p [[ip:][hostPort[-end]]:]containerPort[-end][/protocol]`. Throws `invalid-input` with the value and
 * what is wrong with it.
 */
export function parsePort(text: string): PortRequest {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) {
    const isEmpty = /(^|:)(\/|$)/.test(text);
    throw invalid(text, isEmpty ? "it has no container port" : "it has too many parts; an IPv6 address needs brackets");
  }
  const container = parseRange(text, groups.container ?? "");
  const address = parseAddress(text, groups.address);
  const count = container.last - container.first + 1;
  const base = {
    protocol: parseProtocol(text, groups.protocol),
    ...(address === undefined ? {} : { hostAddress: address }),
    containerPort: container.first,
    count,
  };
  if (groups.host === undefined || groups.host === "") return base;
  const host = parseRange(text, groups.host);
  const hostCount = host.last - host.first + 1;
  if (hostCount === count) return { ...base, hostPort: host.first };
  if (count === 1) return { ...base, hostPort: host.first, hostPortEnd: host.last };
  throw invalid(text, `the host range has ${hostCount} ports and the container range ${count}`);
}

function parseRange(text: string, range: string): { first: number; last: number } {
  const [first = "", last = first, ...rest] = range.split("-");
  if (rest.length > 0) throw invalid(text, `"${range}" is not a range`);
  const ports = { first: parseNumber(text, first), last: parseNumber(text, last) };
  if (ports.last < ports.first) throw invalid(text, `the range ${range} ends before it starts`);
  return ports;
}

function parseNumber(text: string, digits: string): number {
  const port = /^\d{1,6}$/.test(digits) ? Number(digits) : Number.NaN;
  if (port >= 1 && port <= 65535) return port;
  throw invalid(text, `"${digits}" is not a port from 1 to 65535`);
}

function parseAddress(text: string, address: string | undefined): string | undefined {
  if (address === undefined || address === "") return undefined;
  const bare = address.replace(/^\[|\]$/g, "");
  if (isIP(bare) === 0) throw invalid(text, `"${bare}" is not an IP address`);
  return ipaddr.parse(bare).toString();
}

function parseProtocol(text: string, protocol = "tcp"): Protocol {
  if (protocol === "tcp" || protocol === "udp" || protocol === "sctp") return protocol;
  throw invalid(text, `"${protocol}" is not tcp, udp or sctp`);
}

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PORT_INVALID",
    message: `cannot publish "${text}": ${why}`,
    hint: "Write [[ip:][hostPort]:]containerPort[/protocol], as in 8080:80 or 127.0.0.1:53:53/udp.",
    details: { value: text },
  });
}
