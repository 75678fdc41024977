import { withoutPrefix } from "../../api/address-family.js";
import type { Network, NetworkName } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import { shortId } from "../rows/identifiers.js";
import { NameDirectory } from "../sandbox/name-directory.js";

/** See {@link Networks.names}. */
export function listedNames(
  store: Pick<Store, "networks" | "endpoints" | "containers">,
  networks: readonly Network[],
): readonly NetworkName[] {
  const directory = new NameDirectory(store);
  return networks.flatMap(({ id, name: network }) =>
    directory.listed(id).flatMap(({ container, endpoint, names }) =>
      [...new Set(names)]
        .filter((name) => name !== shortId(container.id))
        .map((name) => ({
          name,
          addresses: endpoint.addresses.map(withoutPrefix),
          container: { id: container.id, name: container.name },
          network: { id, name: network },
        })),
    ),
  );
}
