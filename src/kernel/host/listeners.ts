import type { Protocol } from "../../api/intent.js";
import type { HeldListener, Listener } from "../../contracts/index.js";
import { readIfPresent } from "../files/read-if-present.js";
import { inNetns } from "../netns/netns.js";
import { formatAddress } from "../rtnetlink/messages/ip-prefix.js";
import { socketHolders } from "./socket-holders.js";

/** Socket states of <net/tcp_states.h> that listen: TCP_LISTEN, and of UDP, which knows no other, TCP_CLOSE. */
const waiting: Readonly<Record<"tcp" | "udp", string>> = { tcp: "0A", udp: "07" };

/** `sl local_address rem_address st … inode`: `0: 0100007F:1F90 00000000:0000 0A …`, see proc_net(5). */
const socketLine =
  /^\s*\d+: (?<address>[0-9A-F]+):(?<port>[0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} (?<state>[0-9A-F]{2}) (?:\S+\s+){5}(?<inode>\d+)/;

/** Every socket of the caller's namespace that waits for callers and is meant, and who has it, as far as that can be seen. */
export function findListeners(isMeant: (listener: Listener) => boolean): readonly HeldListener[] {
  const found = (["tcp", "udp"] as const).flatMap((protocol) =>
    [protocol, `${protocol}6`].flatMap((table) =>
      parseSockets(readIfPresent(`/proc/thread-self/net/${table}`) ?? "", protocol).filter(isMeant),
    ),
  );
  const holders = socketHolders(new Set(found.map(({ inode }) => inode)));
  return found.map(({ inode, ...listener }) => {
    const process = holders.get(inode);
    return process === undefined ? listener : { ...listener, process };
  });
}

/**
 * The addresses, `0.0.0.0` and `::` among them, at which processes in the namespace at that path wait for callers of a port.
 * Undefined for a protocol whose sockets the kernel does not list. Throws as {@link inNetns}.
 */
export function listListeners(protocol: Protocol, port: number, netns: string): readonly string[] | undefined {
  if (protocol === "sctp") return undefined;
  // Of the thread, which alone is in the namespace.
  const read = (table: string) => parseListeners(readIfPresent(`/proc/thread-self/net/${table}`) ?? "", protocol, port);
  return inNetns(netns, () => [...read(protocol), ...read(`${protocol}6`)]);
}

/** Reads a table of sockets such as `/proc/net/tcp6`. What is not understood is passed over. */
export function parseListeners(table: string, protocol: "tcp" | "udp", port: number): readonly string[] {
  return parseSockets(table, protocol).flatMap((socket) => (socket.port === port ? [socket.address] : []));
}

function parseSockets(table: string, protocol: "tcp" | "udp"): readonly (Listener & { readonly inode: string })[] {
  return table.split("\n").flatMap((line) => {
    const { address = "", port = "", state, inode = "" } = socketLine.exec(line)?.groups ?? {};
    if (state !== waiting[protocol]) return [];
    const bytes = withoutMapping(inNetworkOrder(address));
    return [{ protocol, address: formatAddress(bytes), port: Number.parseInt(port, 16), inode }];
  });
}

/** The kernel prints words of four bytes as numbers of its own order, which is the little end first on all that tsd runs on. */
function inNetworkOrder(hex: string): Buffer {
  const bytes = Buffer.from(hex, "hex");
  return bytes.length % 4 === 0 ? bytes.swap32() : bytes;
}

/** `::ffff:0:0/96` of RFC 4291, by which a socket of IPv6 receives one address of IPv4. */
const MAPPING = Buffer.from("00000000000000000000ffff", "hex");

function withoutMapping(address: Buffer): Buffer {
  return address.length === 16 && address.subarray(0, MAPPING.length).equals(MAPPING)
    ? address.subarray(MAPPING.length)
    : address;
}
