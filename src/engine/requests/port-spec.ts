import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { Protocol } from "../../api/index.js";
import { readIPv4 } from "../../api/ipv4.js";
import type { PortRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { readProtocol } from "./protocol.js";

const pattern = /^(?:(?:(?<address>\[[^\]]*\]|.*):)?(?<host>[^:]*):)?(?<container>[^:/]*)(?:\/(?<protocol>.*))?$/s;

/**
 * Parses docker's `-p [[ip:][hostPort[-end]]:]containerPort[-end][/protocol]`, where host port 0 stands for any free one,
 * and its `published=hostPort,target=containerPort,protocol=tcp`. Throws `invalid-input` with the value and what is wrong
 * with it.
 */
export function parsePort(text: string): PortRequest {
  const groups = pattern.exec(text.includes("=") ? joinFields(text) : text)?.groups ?? {};
  const { address, host = "", container = "", protocol } = groups;
  if (container === "") throw invalid(text, "it has no container port");
  const hostAddress = parseAddress(text, address);
  // Without a dot it is no address, and node:net's test takes 5 ms to compile.
  if ((host.includes(".") && isIP(bare(host)) !== 0) || /^\[.*\]:[^:]*$/.test(text)) {
    throw invalid(text, "a host port, or nothing and a colon, belongs between its address and its container port");
  }
  const ports = parseRange(text, container);
  const count = ports.last - ports.first + 1;
  const base = {
    protocol: parseProtocol(text, protocol),
    ...(hostAddress === undefined ? {} : { hostAddress }),
    containerPort: ports.first,
    count,
  };
  if (host === "" || /^0+$/.test(host)) return base;
  const { first: hostPort, last: hostPortEnd } = parseRange(text, host);
  const hostCount = hostPortEnd - hostPort + 1;
  if (hostCount === count) return { ...base, hostPort };
  if (count === 1) return { ...base, hostPort, hostPortEnd };
  throw invalid(text, `the host range has ${hostCount} ports and the container range ${count}`);
}

/** docker's form with names, in the other one. */
function joinFields(text: string): string {
  const fields = new Map(text.split(",").map((field) => split(field)));
  for (const name of fields.keys()) {
    if (!["published", "target", "protocol"].includes(name)) {
      throw invalid(text, `"${name}" is not published, target or protocol`);
    }
  }
  return `${fields.get("published") ?? ""}:${fields.get("target") ?? ""}/${fields.get("protocol") ?? "tcp"}`;
}

function split(field: string): readonly [string, string] {
  const [name = "", ...value] = field.split("=");
  return [name, value.join("=")];
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
  const plain = bare(address);
  const numbers = readIPv4(plain);
  if (numbers === undefined && isIP(plain) === 0) throw invalid(text, `"${plain}" is not an IP address`);
  // Without a zone it says nothing of its link, and the port is published on all links.
  if (/^fe[89ab]/i.test(plain)) throw invalid(text, `${plain} belongs to a single link`);
  const parsed = numbers === undefined ? ipaddr.process(plain) : new ipaddr.IPv4([...numbers]);
  if (parsed.range() === "multicast" || parsed.range() === "broadcast") throw invalid(text, `${plain} is a group's`);
  return parsed.toString();
}

function bare(address: string): string {
  return /^\[(.*)\]$/.exec(address)?.[1] ?? address;
}

function parseProtocol(text: string, protocol = "tcp"): Protocol {
  const known = readProtocol(protocol);
  if (known !== undefined) return known;
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
