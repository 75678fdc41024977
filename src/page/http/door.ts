import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { elsewhere, type Reply, sentence } from "./replies.js";

/** Names of this machine alone. A name of another site that leads here (DNS rebinding) is none of them. */
const ownNames = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** What a request that may see the page asks for. */
export interface Visit {
  /** Behind the token: `explain`; empty for the page itself. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Lets in who knows the token, a part of the path. A cookie would be sent to servers of other users on other ports of this
 * machine, and a path is not.
 */
export class Door {
  readonly token = randomBytes(24).toString("base64url");
  private readonly digest = digestOf(this.token);

  /** What is asked for, or the reply that refuses it. */
  enter({ method, url = "/", headers }: IncomingMessage): Visit | Reply {
    if (!ownNames.test(headers.host ?? "")) {
      return sentence(421, "This page is served to 127.0.0.1 and localhost, and the request names another host.");
    }
    if (method !== "GET" && method !== "HEAD") return sentence(405, "This page changes nothing: it takes GET alone.");
    const [, token = "", slash, path = "", query = ""] = /^\/([^/?]*)(\/?)([^?]*)\??(.*)$/s.exec(url) ?? [];
    if (!timingSafeEqual(digestOf(token), this.digest)) {
      return sentence(404, "There is nothing here: the address of the page has a token, which tsd system page prints.");
    }
    // What the page refers to stands behind the slash.
    if (slash === "") return elsewhere(`/${token}/`);
    return { path, query: new URLSearchParams(query) };
  }
}

/** Digests have one length, so that comparing them takes one time. */
function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
