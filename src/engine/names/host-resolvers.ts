import { monotonicTime } from "../../contracts/clock.js";
import type { Resolver } from "../../contracts/index.js";

/** Milliseconds for which the host's resolv.conf counts as read. */
const FRESH = 1000;

/** The host's name servers, which are read again now and then. Those on its loopback count: it is the host that asks. */
export class HostResolvers {
  private readAt = Number.NEGATIVE_INFINITY;
  private known: readonly string[] = [];

  constructor(
    private readonly host: Pick<Resolver, "resolverFiles">,
    private readonly now: () => number = monotonicTime,
  ) {}

  nameservers(): readonly string[] {
    if (this.now() - this.readAt >= FRESH) {
      this.readAt = this.now();
      this.known = this.host.resolverFiles()[0].nameservers;
    }
    return this.known;
  }
}
