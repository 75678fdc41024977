import type { Protocol } from "../../api/index.js";

const protocols: readonly Protocol[] = ["tcp", "udp", "sctp"];

/** The protocol of that name, in whatever case; undefined for none. */
export function readProtocol(name: string): Protocol | undefined {
  return protocols.find((protocol) => protocol === name.toLowerCase());
}
