import { familyOf } from "../../api/address-family.js";
import type { Sockets } from "../../contracts/index.js";
import type { Socket } from "./packet.js";

/** In words, if no process listens on the socket; undefined if one does, or if that cannot be known. */
export function silenceAt({ server, netns, protocol, address, port }: Socket, host: Sockets): string | undefined {
  const listeners = host.listeners(protocol, port, netns);
  if (listeners === undefined || listeners.some((own) => hears(own, address))) return undefined;
  if (listeners.length === 0) return `nothing listens on port ${port}/${protocol} in ${server}`;
  return `port ${port}/${protocol} of ${server} is listened on at ${listeners.join(" and ")} alone, and not at ${address}`;
}

/** A socket of IPv6 receives IPv4 as well, unless IPV6_V6ONLY is set, which the kernel does not list. */
function hears(own: string, address: string): boolean {
  return own === address || own === "::" || (own === "0.0.0.0" && familyOf(address) === 4);
}
