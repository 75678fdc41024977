import { refuseForeignWords } from "../../commands/foreign-words.js";
import type { Field } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";
import { listOf, mapOf, objectOf, textOf } from "./fields.js";

/**
 * Refuses what docker has of a new container and tsd has not, with what serves in its place: a client that asks for a limit or a
 * device must not believe that it has it. What clients write for nothing passes. Throws `unsupported`.
 */
export function refuseForeign(host: Field, platform: string | undefined): void {
  refuseForeignWords({
    platform,
    userns: textOf(host, "UsernsMode"),
    "cgroup-parent": textOf(host, "CgroupParent"),
    "storage-opt": Object.entries(mapOf(host, "StorageOpt") ?? {}).map(([name, value]) => `${name}=${value}`),
  });
  if (listOf(host, "DeviceRequests", (one) => one).length > 0)
    throw unsupported("DeviceRequests", "devices are named one by one, as by --device /dev/nvidia0");
  const isolation = textOf(host, "Isolation") ?? "default";
  if (isolation.toLowerCase() !== "default")
    throw unsupported(`Isolation ${isolation}`, "containers are isolated by namespaces");
  refuseDriver(textOf(host, "VolumeDriver"));
  listOf(host, "Mounts", refuseMount);
}

/** Options of a driver say what a volume is: without them its files would be on another disk than was meant. */
function refuseMount(mount: Field): void {
  const driver = objectOf(objectOf(mount, "VolumeOptions"), "DriverConfig");
  refuseDriver(textOf(driver, "Name"));
  const [option] = Object.keys(mapOf(driver, "Options") ?? {});
  if (option !== undefined)
    throw unsupported(`the option ${option} of a mount's volume`, "a volume has its options when it is made");
}

function refuseDriver(driver = "local"): void {
  if (driver !== "local") throw unsupported(`the volume driver ${driver}`, "volumes are kept on this machine alone");
}

function unsupported(given: string, why: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_ENGINE_FIELD",
    message: `${given} is not something that tsd does: ${why}`,
    hint: "Leave it out.",
    details: { given },
  });
}
