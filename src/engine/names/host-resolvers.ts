import { monotonicTime } from "../../contracts/clock.js";
import type { Resolver, ResolverFile } from "../../contracts/index.js";

/** Milliseconds for which the host's resolv.conf counts as read. */
const FRESH = 1000;

/** What the host's resolv.conf says, which is read again now and then. Servers on its loopback count: it is the host that asks. */
export class HostResolvers {
  private readAt = Number.NEGATIVE_INFINITY;
  private known: Pick<ResolverFile, "nameservers" | "search"> = { nameservers: [], search: [] };

  constructor(
    private readonly host: Pick<Resolver, "resolverFiles">,
    private readonly now: () => number = monotonicTime,
  ) {}

  nameservers(): readonly string[] {
    return this.file().nameservers;
  }

  /** Domains in which names are looked up. */
  search(): readonly string[] {
    return this.file().search;
  }

  private file(): Pick<ResolverFile, "nameservers" | "search"> {
    if (this.now() - this.readAt >= FRESH) {
      this.readAt = this.now();
      this.known = this.host.resolverFiles()[0];
    }
    return this.known;
  }
}
