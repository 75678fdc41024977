import type { ContainerRow, ExposedPorts, Store } from "../../contracts/index.js";
import { requestsOf } from "./container-requests.js";
import { parseExposed } from "./expose-spec.js";

/** Ports that a container serves: of `--expose`, its image and its publications, each once. */
export function exposedPorts(store: Store, row: ContainerRow): readonly ExposedPorts[] {
  const { imageId } = row.container;
  const { expose, publish } = requestsOf(row);
  const image = imageId === undefined ? [] : store.images.resolve(imageId).config.exposedPorts.map(parseExposed);
  const published = publish.map(({ protocol, containerPort, count }) => ({ protocol, port: containerPort, count }));
  const all = [...image, ...expose, ...published];
  return [...new Map(all.map((ports) => [JSON.stringify(ports), ports])).values()];
}
