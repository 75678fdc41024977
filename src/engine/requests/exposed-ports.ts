import type { ContainerRow, PortBinding, Store } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { requestsOf } from "./container-requests.js";
import { parsePort } from "./port-spec.js";

/** Ports that a container says it serves. */
export type ExposedPorts = Pick<PortBinding, "protocol" | "count"> & { readonly port: number };

/** Of `--expose`, its image and its publications, each once. */
export function exposedPorts(store: Store, row: ContainerRow): readonly ExposedPorts[] {
  const { spec, imageId } = row.container;
  const image = imageId === undefined ? [] : store.images.resolve(imageId).config.exposedPorts;
  const exposed = [...image, ...(spec.expose ?? [])].map(parseExposed);
  const published = requestsOf(row).publish.map(({ protocol, containerPort, count }) => ({
    protocol,
    port: containerPort,
    count,
  }));
  return [...new Map([...exposed, ...published].map((ports) => [JSON.stringify(ports), ports])).values()];
}

/** `PORT[-END][/PROTOCOL]`. Throws `invalid-input`. */
export function parseExposed(text: string): ExposedPorts {
  if (text.includes(":")) throw invalid(text);
  const { protocol, containerPort, count } = parsePort(text);
  return { protocol, port: containerPort, count };
}

function invalid(text: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_EXPOSE_INVALID",
    message: `cannot expose "${text}": it names a port of the host`,
    hint: "Write the container's port alone, as in 80 or 53/udp; --publish leads a port of the host to it.",
    details: { expose: text },
  });
}
