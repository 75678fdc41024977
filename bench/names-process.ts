/**
 * What tsd's resolver does with messages, as a process by itself: PORT, the number of names `host0`…, and a name server for all
 * else. It listens on 127.0.0.1 and ends when it is ended.
 */
import type { NameView } from "../src/contracts/index.js";
import { openSockets } from "../src/kernel/redirect/bound-sockets.js";
import { createNameServer } from "../src/names/name-server.js";

const [port, count, upstream] = process.argv.slice(2);
const names = new Map<string, readonly string[]>(
  Array.from({ length: Number(count) }, (_, at) => [`host${at}`, [`10.1.${at >> 8}.${at & 255}`]] as const),
);
const servers = upstream === undefined ? [] : [upstream];
const view: NameView = {
  meaning(name) {
    const addresses = names.get(name);
    if (addresses !== undefined) return { kind: "known", addresses };
    return { kind: name.includes(".") ? "foreign" : "unknown" };
  },
  searched: () => undefined,
  nameOf: () => undefined,
  upstream: () => servers,
};
const server = createNameServer({ of: () => view, namespaces: () => [] });
server.serve("", openSockets(Uint8Array.of(127, 0, 0, 1), Number(port)));
