import type { RawOptions, VolumeContent, VolumeDirectory, VolumeSpec } from "../../api/index.js";
import type { VolumeRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { checkVolumeName } from "../requests/volume-name.js";
import { newId } from "../rows/identifiers.js";

type VolumePlanParts = Pick<Parts, "store" | "processes" | "paths">;

export interface NewVolume extends VolumeSpec {
  readonly content?: VolumeContent;
  /** See {@link VolumeRow.madeFor}. */
  readonly madeFor?: string;
}

/** Writes down a volume that is to be made, in the caller's transaction. Throws `invalid-input`, and `unsupported` for a driver. */
export function planVolume({ store, processes, paths }: VolumePlanParts, spec: NewVolume): VolumeRow {
  const { driver = "local", options = {}, labels = {}, content, madeFor } = spec;
  if (driver !== "local") throw otherDriver(driver);
  const id = newId();
  const name = spec.name ?? id;
  checkVolumeName(name);
  const path = `${paths.root}/volumes/${name}`;
  const { device, tmpfs } = readOptions(options);
  const directory: VolumeDirectory = {
    ...{ kind: "volume", path },
    ...(tmpfs === undefined ? {} : { tmpfs }),
    // A directory of the host, and memory, are as their owner made them.
    ...(content === undefined || device !== undefined || tmpfs !== undefined ? {} : { content }),
  };
  const row: VolumeRow = {
    ...{ id, state: "creating", owner: processes.self() },
    resources: [directory],
    volume: {
      ...{ id, name, driver, labels, options },
      mountpoint: device ?? `${path}/_data`,
      created: new Date().toISOString(),
      anonymous: spec.name === undefined,
    },
    ...(madeFor === undefined ? {} : { madeFor }),
  };
  store.volumes.insert(row);
  return row;
}

interface Place {
  /** A directory of the host in place of tsd's own. */
  readonly device?: string;
  readonly tmpfs?: string;
}

/** `type`, `device` and `o` of docker's local driver, as far as no file system of a disk or another machine is asked for. */
function readOptions(options: RawOptions): Place {
  const unknown = Object.keys(options).find((key) => !["type", "device", "o"].includes(key));
  if (unknown !== undefined) throw invalid(`a volume has no option "${unknown}"`);
  const { type, device = "", o = "" } = options;
  if (type === undefined && device === "" && o === "") return {};
  const words = o.split(",").filter(Boolean);
  if (type === "tmpfs") {
    if (o.includes("\0")) throw invalid("an option holds a NUL character");
    return { tmpfs: words.join(",") };
  }
  const isBind =
    (type === undefined || type === "none" || type === "bind") && words.some((word) => /^r?bind$/.test(word));
  if (!isBind) throw invalid(`"type=${type ?? ""}" with "o=${o}" is neither a tmpfs nor a directory of the host`);
  const other = words.find((word) => !/^(r?bind|rw)$/.test(word));
  if (other !== undefined) throw invalid(`"${other}" is no option of a directory of the host`);
  if (!device.startsWith("/") || device.includes("\0")) throw invalid(`device "${device}" is not an absolute path`);
  return { device };
}

function invalid(why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_VOLUME_OPTIONS",
    message: `the volume cannot be made: ${why}`,
    hint: "Use -o type=tmpfs -o device=tmpfs -o o=size=64m, or -o type=none -o device=/host/path -o o=bind. Mount other file systems on the host, and name the directory.",
  });
}

function otherDriver(driver: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_VOLUME_DRIVER",
    message: `there is no volume driver "${driver}": tsd keeps volumes on this machine alone`,
    hint: "Leave --driver out, or mount the file system on the host and name its directory.",
    details: { driver },
  });
}
