import type { Resource } from "../../api/index.js";
import { namesOnHost } from "../../contracts/host-places.js";
import type { Links, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { endpointUser } from "../rows/endpoint-user.js";

/**
 * Throws `conflict` where a link of the host bears the name that one of `resources` is to have, and says whose it is. Who
 * takes the name after this look is refused by the kernel.
 */
export function refuseTakenLinks(store: Store, host: Links, resources: readonly Resource[]): void {
  for (const link of resources) {
    if (link.kind !== "link") continue;
    for (const name of namesOnHost(link)) {
      const found = host.link(name);
      // A network that was not used since the machine booted has its links only in the store; no network has a veth.
      const holder = found !== undefined || link.type !== "veth" ? holderOf(store, name) : undefined;
      if (found !== undefined || holder !== undefined) throw taken(name, holder ?? strangerOf(found));
    }
  }
}

/** Whose rows list a link of the host by that name, in words. */
function holderOf(store: Store, name: string): string | undefined {
  const [entry] = store.listing(`link ${name}`);
  if (entry === undefined) return undefined;
  const network = store.networks.get(entry.rowId)?.network;
  if (network !== undefined) return `the ${typeOf(entry.resource)} of network "${network.name}"`;
  return `the port of ${endpointUser(store, store.endpoints.get(entry.rowId))}`;
}

function typeOf(resource: Resource): string {
  return resource.kind === "link" && resource.type === "bridge" ? "bridge" : "link";
}

function strangerOf(found: ReturnType<Links["link"]>): string {
  return found?.installation === undefined ? "a link of the host" : `a link of the tsd of ${found.installation}`;
}

function taken(name: string, holder: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_LINK_TAKEN",
    message: `the interface name ${name} is taken by ${holder}`,
    hint: "Choose another name, or leave it out; ip link show lists those that are taken.",
    details: { link: name, holder },
  });
}
