import type { NetworkRow, Store } from "../../contracts/index.js";
import { natState } from "./nat-state.js";

/** Names of what a plug-in brings. */
interface BroughtNames {
  readonly drivers: readonly string[];
  readonly natBackends: readonly string[];
  readonly ipam: readonly string[];
  readonly kinds: readonly string[];
  readonly linkTypes: readonly string[];
}

/** Who needs one of these, in words: networks, and the rules of all of them. */
export function usersOf(store: Pick<Store, "networks" | "settings">, names: BroughtNames): readonly string[] {
  const networks = store.networks.list().filter((row) => needs(row, names));
  const state = natState(store);
  const backends =
    state === undefined ? [] : [state.active, ...(state.other === undefined ? [] : [state.other.backend])];
  return [
    ...networks.map(({ network }) => `network "${network.name}"`),
    ...backends.filter((backend) => names.natBackends.includes(backend)).map((backend) => `NAT backend "${backend}"`),
  ];
}

function needs({ network, resources, leaving = [] }: NetworkRow, names: BroughtNames): boolean {
  return (
    names.drivers.includes(network.driver) ||
    (network.ipam !== undefined && names.ipam.includes(network.ipam.driver)) ||
    [...resources, ...leaving].some(
      (resource) =>
        names.kinds.includes(resource.kind) || (resource.kind === "link" && names.linkTypes.includes(resource.type)),
    )
  );
}
