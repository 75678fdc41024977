import type { Labels } from "../../api/index.js";

/** On tsd's networks and endpoints, the ids that podman knows them by. */
export const NETWORK_ID = "io.podman.network.id";
export const CONTAINER_ID = "io.podman.container.id";
const NETWORK_NAME = "io.podman.network.name";
const CONTAINER_NAME = "io.podman.container.name";

export function networkLabels({ id, name }: { readonly id: string; readonly name: string }): Labels {
  return { [NETWORK_ID]: id, [NETWORK_NAME]: name };
}

export function containerLabels(id: string, name: string): Labels {
  return { [CONTAINER_ID]: id, [CONTAINER_NAME]: name };
}
