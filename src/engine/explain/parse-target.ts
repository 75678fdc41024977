import ipaddr from "ipaddr.js";
import type { Protocol } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { readProtocol } from "../requests/protocol.js";

/** What is called, as it was written. */
export interface Target {
  /** A container's name or id prefix, `host`, or an address without brackets. */
  readonly who: string;
  /** Absent for a ping. */
  readonly port?: number;
  readonly protocol: Protocol | "ping";
}

/** Reads `DST[:PORT[/PROTOCOL]]`. Throws `invalid-input` naming what is wrong with it. */
export function parseTarget(text: string): Target {
  if (isAddress(text)) return { who: text, protocol: "ping" };
  const [, bracketed, plain, port, protocol = "tcp"] =
    /^(?:\[([^\]]*)\]|([^:[\]/]+))(?::([^/:]*)(?:\/(.*))?)?$/.exec(text) ?? [];
  const who = bracketed ?? plain;
  if (who === undefined || who === "") throw invalid(text, "says nobody that could be called");
  if (bracketed !== undefined && !ipaddr.IPv6.isValid(bracketed))
    throw invalid(text, `holds no IPv6 address: "${bracketed}"`);
  if (port === undefined) return { who, protocol: "ping" };
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw invalid(text, `has no port from 1 to 65535: "${port}"`);
  }
  const known = readProtocol(protocol);
  if (known === undefined) throw invalid(text, `has no protocol of tcp, udp, sctp: "${protocol}"`);
  return { who, port: Number(port), protocol: known };
}

/** Four parts with dots, or IPv6 without a zone. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes("%"));
}

/** In the spelling that tsd's rows have (RFC 5952). */
export function canonicalAddress(text: string): string {
  return ipaddr.process(text).toString();
}

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_TARGET_INVALID",
    message: `target "${text}" ${why}`,
    hint: "Write CONTAINER, host or an address, and a port: db:5432, 192.0.2.1:53/udp, [2001:db8::1]:80.",
    details: { target: text },
  });
}
