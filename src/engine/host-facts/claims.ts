import type { Claims } from "../../contracts/ecosystem.js";
import type { Store } from "../../contracts/index.js";

/** Read when somebody asks. */
export function claimsOf(store: Pick<Store, "networks" | "endpoints">): Claims {
  return {
    networkWith(link, driver) {
      const others = store.networks.list().filter(({ network }) => network.driver !== driver);
      return others.find(({ network, resources }) => names(link, [network.options, resources]))?.network.name;
    },
    subnetsBeside(netns, own) {
      const present = store.endpoints.ofNetns(netns).map(({ endpoint }) => endpoint.networkId);
      const others = present.filter((id) => id !== own).flatMap((id) => store.networks.get(id)?.network ?? []);
      return others.flatMap(({ name, subnets }) => subnets.map(({ cidr }) => ({ cidr, network: name })));
    },
  };
}

/** Drivers of third parties have fields of their own for parents and bridges, so that any value counts. */
function names(link: string, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === link;
  return Object.values(value).some((part) => names(link, part));
}
