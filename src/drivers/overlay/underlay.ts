import { type Facts, type HostView, type Network, withoutPrefix } from "../../api/index.js";

/** Links of the host that have addresses, as it was when the network was planned. */
interface UnderlayFacts extends Facts {
  readonly links: readonly { readonly name: string; readonly addresses: readonly string[] }[];
}

/** Why the host does not encrypt, as a clause. */
interface CipherFacts extends Facts {
  readonly lack?: string;
}

/** Links only where packets for other hosts go by one as they are. */
export function observeUnderlay(host: HostView, { options }: Pick<Network, "options">): Facts {
  if (options.encrypted === "true") {
    const lack = host.lacksWireguard();
    return (lack === undefined ? {} : { lack }) satisfies CipherFacts;
  }
  if (options.mode !== "hostgw") return {};
  const links = host.links().map(({ name, addresses }) => ({ name, addresses }));
  return { links: links.filter(({ addresses }) => addresses.length > 0) } satisfies UnderlayFacts;
}

/** Why this host cannot encrypt, as a clause; undefined where it can. */
export function lackOf({ facts }: Pick<Network, "facts">): string | undefined {
  return ((facts ?? {}) as CipherFacts).lack;
}

/** The link by which this host reaches the others without a tunnel; undefined for none. */
export function underlayOf({ facts, cluster }: Network): string | undefined {
  const { links = [] } = (facts ?? {}) as Partial<UnderlayFacts>;
  return links.find(({ addresses }) => addresses.some((one) => withoutPrefix(one) === cluster?.address))?.name;
}
