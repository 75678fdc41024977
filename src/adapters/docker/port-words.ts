import type { PortBinding } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { PortMapping } from "./requests.js";

/** IANA's numbers, see protocols(5). */
const protocols: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp" };

/** A port as `-p` writes it. Throws `unsupported` for a protocol without ports. */
export function portWords({ protocol, port, hostAddress, hostPort, hostPortEnd }: PortMapping): string {
  const name = protocols[protocol];
  if (name === undefined) {
    throw new TsdError({
      kind: "unsupported",
      code: "TSD_DOCKER_PROTOCOL",
      message: `protocol ${protocol} of port ${port} is none of tcp, udp, sctp`,
      details: { protocol, port },
    });
  }
  const address = hostAddress.includes(":") ? `[${hostAddress}]` : hostAddress;
  const any = hostPort === 0 ? "" : `${hostPort}`;
  const host = hostPortEnd > hostPort ? `${hostPort}-${hostPortEnd}` : any;
  return `${address === "" ? "" : `${address}:`}${host === "" && address === "" ? "" : `${host}:`}${port}/${name}`;
}

/** Whether docker asks for a port of the host that a binding has. */
export function asksFor({ protocol, hostPort, hostPortEnd }: PortMapping, binding: PortBinding): boolean {
  const overlaps = hostPort < binding.hostPort + binding.count && binding.hostPort <= hostPortEnd;
  return protocols[protocol] === binding.protocol && overlaps;
}
