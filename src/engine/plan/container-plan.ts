import type { Container, ContainerSpec, Image } from "../../api/index.js";
import type { ContainerRequests, ContainerRow, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { machineBounds } from "../host-facts/processors.js";
import { requirePath } from "../host-facts/require-path.js";
import { checkPlaces, checkSources } from "../host-facts/volumes.js";
import { checkLife } from "../requests/check-life.js";
import { checkLimits } from "../requests/check-limits.js";
import { checkNetworking } from "../requests/check-networking.js";
import { checkProcess } from "../requests/check-process.js";
import type { ContainerRequest } from "../requests/container-requests.js";
import { checkName, newId, newName, shortId } from "../rows/identifiers.js";
import { reserveAddresses } from "./address-lease.js";
import { checkPrivileges } from "./confinement.js";
import { keptResources } from "./container-files.js";
import { healthCheckOf } from "./health-check.js";
import { bindsOf } from "./host-mounts.js";
import { planMounts } from "./mount-plan.js";

type ContainerPlanParts = Pick<Parts, "store" | "processes" | "paths" | "drivers" | "addressBook" | "layerDirectory">;

/** Checks a request as a whole and writes down the container, in the caller's transaction. Nothing exists yet. */
export function planContainer(parts: ContainerPlanParts, request: ContainerRequest): ContainerRow {
  const { spec, requests } = request;
  const { store, processes, paths } = parts;
  const image = sourceImage(store, spec);
  checkNetworking(parts, request);
  checkProcess(spec);
  checkLife(spec);
  checkPrivileges(store, spec);
  checkLimits(spec, machineBounds());
  checkSources(requests.mounts);
  const id = newId();
  const healthCheck = healthCheckOf(spec.health, image?.config.health);
  const container: Container = {
    id,
    name: chooseName(store, spec.name),
    spec,
    command: fullCommand(spec, image),
    ...(image === undefined ? {} : { imageId: image.id }),
    layers: image?.layers ?? [],
    created: new Date().toISOString(),
    status: "created",
    attached: false,
    ...(healthCheck === undefined ? {} : { healthCheck }),
    stopSignal: spec.stopSignal ?? image?.config.stopSignal ?? "TERM",
    ...(spec.runtime === undefined ? {} : { runtime: spec.runtime }),
  };
  const row: ContainerRow = {
    id,
    state: "creating",
    owner: processes.self(),
    resources: keptResources(paths, container),
    container,
    requests: { ...withoutVolumesFrom(requests), mounts: planMounts(parts, { container, image, requests }) },
  };
  checkPlaces(bindsOf(paths, store, row));
  store.containers.insert(row);
  reserveAddresses(parts, container);
  return row;
}

/** Its mounts are the container's own from now on. */
function withoutVolumesFrom({ volumesFrom: _volumesFrom, ...requests }: ContainerRequests): ContainerRequests {
  return requests;
}

function sourceImage(store: Store, { image, rootfs }: ContainerSpec): Image | undefined {
  if (image !== undefined && rootfs === undefined) return store.images.resolve(image);
  if (image === undefined && rootfs !== undefined) {
    requirePath(rootfs, "root file system");
    return undefined;
  }
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CONTAINER_SOURCE",
    message: image === undefined ? "no image was named" : `both image "${image}" and a root file system were named`,
    hint: "Name an image (tsd image ls shows them), or a directory with --rootfs.",
  });
}

function chooseName(store: Store, wanted: string | undefined): string {
  if (wanted === undefined) {
    let name = newName();
    while (store.containers.named(name) !== undefined) name = newName();
    return name;
  }
  checkName("container", wanted);
  const holder = store.containers.named(wanted)?.id;
  if (holder === undefined) return wanted;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_EXISTS",
    message: `container "${wanted}" exists already, with id ${shortId(holder)}`,
    hint: `Choose another name, or remove it first: tsd rm ${wanted}`,
    details: { name: wanted, id: holder },
  });
}

/** Docker's rule: a command of the caller replaces the image's; an entrypoint of the caller drops the image's command. */
function fullCommand(spec: ContainerSpec, image: Image | undefined): readonly string[] {
  const entrypoint = spec.entrypoint ?? image?.config.entrypoint ?? [];
  const given = spec.command ?? [];
  const fallback = spec.entrypoint === undefined ? (image?.config.command ?? []) : [];
  const command = [...entrypoint, ...(given.length > 0 ? given : fallback)];
  if (command.length > 0) return command;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_COMMAND_MISSING",
    message: `no command was given, and ${spec.image === undefined ? "a root file system" : `image "${spec.image}"`} has none of its own`,
    hint: "Write the command after the image: tsd run IMAGE COMMAND",
  });
}
