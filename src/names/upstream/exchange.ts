import type { ReceivedReply } from "./received-reply.js";
import type { ServerAddress } from "./server-address.js";
import type { UpstreamQuery } from "./upstream-query.js";

/** Is called once: with the reply, or with undefined if the server cannot be reached or broke off. */
type Done = (reply: ReceivedReply | undefined) => void;

/** Asks one server once. It waits until a reply comes; the returned function gives up, after which `done` is not called. */
export type Exchange = (server: ServerAddress, query: UpstreamQuery, done: Done) => () => void;
