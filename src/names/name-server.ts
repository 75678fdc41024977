import { monotonicTime } from "../contracts/clock.js";
import type { NameViews } from "../contracts/index.js";
import { LoadBounds } from "./serving/load-bounds.js";
import { type Respond, Responder } from "./serving/responder.js";
import { serveTcp } from "./serving/serve-tcp.js";
import { serveUdp } from "./serving/serve-udp.js";
import { Turns } from "./serving/turns.js";
import { Forwarder, type Transport } from "./upstream/forwarder.js";

/** Replies to DNS queries that come by sockets of several namespaces; a name means what the view of its namespace says. */
export interface NameServer {
  /** Serves sockets that are bound in the namespace, by their descriptors; that of TCP listens. From now on they are the server's to close. */
  serve(netns: string, sockets: { readonly udp: number; readonly tcp: number }): void;
  /** Closes all sockets of the namespace. Once settled none of them keeps the namespace alive. */
  close(netns: string): Promise<void>;
  /** Closes all sockets of all namespaces, and gives up what other name servers have not replied to. */
  stop(): Promise<void>;
}

/** `now` is a clock in milliseconds that never goes back. */
export function createNameServer(views: NameViews, now = monotonicTime): NameServer {
  const forwarder = new Forwarder(now);
  const turns = new Turns();
  const responder = new Responder(forwarder, new LoadBounds());
  const closers = new Map<string, (() => Promise<void>)[]>();

  const respondIn = (netns: string, transport: Transport): Respond => {
    const asker = { netns, transport, view: () => views.of(netns) };
    return (message) => responder.respond(message, asker);
  };
  const close = async (netns: string): Promise<void> => {
    const own = closers.get(netns) ?? [];
    closers.delete(netns);
    await Promise.all(own.map((closer) => closer()));
  };
  return {
    serve(netns, { udp, tcp }) {
      const inTurn = (job: () => void): void => turns.add(netns, job);
      closers.set(netns, [
        serveUdp(udp, respondIn(netns, "udp"), inTurn),
        serveTcp(tcp, respondIn(netns, "tcp"), inTurn),
      ]);
    },
    close,
    async stop() {
      forwarder.stop();
      await Promise.all([...closers.keys()].map(close));
    },
  };
}
