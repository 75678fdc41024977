import type { ContainerDetails, Image, Tsd } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { containerConfig, containerLabels } from "../presenters/container-config.js";
import { dockerStatus } from "../presenters/container-state.js";
import { numberFilter, patternFilter, portFilter, switchFilter, wordFilter } from "./filter-values.js";
import { type FilterKeys, labelKeys } from "./filters.js";

/** docker's words for what a container does, and tsd's for steps under way. */
const states = [
  "created",
  "restarting",
  "running",
  "removing",
  "paused",
  "exited",
  "dead",
  "starting",
  "stopping",
] as const;
const healths = ["starting", "healthy", "unhealthy", "none"] as const;

/** What `tsd ps --filter` takes. */
export const containerFilters: FilterKeys<ContainerDetails, Tsd> = {
  ...labelKeys(containerLabels),
  ancestor: (value, tsd) => {
    const image = unlessMissing(() => tsd.images.get(value));
    return ({ container }) => image !== undefined && descends(container, image);
  },
  before: (value, tsd) => {
    const { container: other } = tsd.containers.inspect(value);
    return ({ container }) => container.created < other.created;
  },
  exited: (value) => {
    const code = numberFilter("exited", value);
    return ({ container }) => container.status === "exited" && container.exitCode === code;
  },
  expose: (value) => {
    const matches = portFilter("expose", value);
    return (details) => Object.keys(containerConfig(details).ExposedPorts ?? {}).some(matches);
  },
  health: (value) => {
    const word = wordFilter("health", value, healths);
    return ({ container }) => (container.health?.status ?? "none") === word;
  },
  id: (value) => {
    const matches = patternFilter("id", value);
    return ({ container }) => matches(container.id);
  },
  "is-task": (value) => {
    const wanted = switchFilter("is-task", value);
    return () => !wanted;
  },
  name: (value) => {
    const matches = patternFilter("name", value);
    return ({ container }) => matches(container.name);
  },
  network:
    (value) =>
    ({ endpoints, configured = [] }) =>
      endpoints.some(({ endpoint, network }) => network === value || endpoint.networkId.startsWith(value)) ||
      configured.some(({ network, networkId }) => network === value || networkId.startsWith(value)),
  publish: (value) => {
    const matches = portFilter("publish", value);
    return ({ endpoints }) =>
      endpoints.some(({ endpoint }) =>
        endpoint.ports.some(({ containerPort, count, protocol }) =>
          Array.from({ length: count }, (_, offset) => `${containerPort + offset}/${protocol}`).some(matches),
        ),
      );
  },
  since: (value, tsd) => {
    const { container: other } = tsd.containers.inspect(value);
    return ({ container }) => container.created > other.created;
  },
  status: (value) => {
    const word = wordFilter("status", value, states);
    return ({ container }) => container.status === word || dockerStatus(container) === word;
  },
  volume:
    (value) =>
    ({ mounts }) =>
      mounts.some(({ name, source, target }) => [name, source, target].includes(value)),
};

/** Made from the image, or from one that was built on it. */
function descends({ imageId, layers }: ContainerDetails["container"], image: Image): boolean {
  if (imageId === image.id) return true;
  return image.layers.length > 0 && image.layers.every((layer, at) => layers[at] === layer);
}

function unlessMissing<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (TsdError.is(error, "not-found")) return undefined;
    throw error;
  }
}
