import { AF_INET, AF_INET6 } from "../socket-constants.js";

/** `sockaddr_in` and `sockaddr_in6`: family in the CPU's order, port and address in the network's. */
export function encodeSocketAddress(address: Buffer, port: number): Buffer {
  const sockaddr = Buffer.alloc(address.length === 4 ? 16 : 28);
  sockaddr.writeUInt16LE(address.length === 4 ? AF_INET : AF_INET6);
  sockaddr.writeUInt16BE(port, 2);
  address.copy(sockaddr, address.length === 4 ? 4 : 8);
  return sockaddr;
}
