import type { HostLink, HostView } from "../../api/index.js";
import type { Links, Platform, Routing, Store } from "../../contracts/index.js";

/** What a driver may ask about the host; see {@link HostView}. */
export function hostView(
  store: Pick<Store, "networks">,
  host: Links & Routing & Pick<Platform, "lacksWireguard">,
): HostView {
  const links = (): readonly HostLink[] => {
    const makers = networksByLink(store);
    return host.links().map((link) => {
      const network = makers.get(link.name);
      return network === undefined ? link : { ...link, network };
    });
  };
  return {
    links,
    link: (name) => links().find((link) => link.name === name),
    networks: () => store.networks.list().map(({ network }) => network),
    lacksWireguard: () => host.lacksWireguard(),
    routes: () => host.routes().map(({ cidr: destination, link }) => ({ destination, link })),
  };
}

/** Names of the networks that list a link of the host, by its name. */
function networksByLink(store: Pick<Store, "networks">): ReadonlyMap<string, string> {
  return new Map(
    store.networks
      .list()
      .flatMap(({ network, resources, leaving = [] }) =>
        [...resources, ...leaving].flatMap((resource) =>
          resource.kind === "link" && resource.netns === undefined ? [[resource.name, network.name] as const] : [],
        ),
      ),
  );
}
