import type { ContainerStorage } from "../../api/index.js";
import type { MountRequest, VolumesFrom } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { parseMount } from "./mount-spec.js";
import { parseTmpfs } from "./tmpfs-spec.js";
import { parseVolume } from "./volume-spec.js";

/** Parses all mounts that a user asks for. Throws `invalid-input`, also for two at one place. */
export function parseMounts({ volumes = [], mounts = [], tmpfs = [] }: ContainerStorage): readonly MountRequest[] {
  const parsed = [
    ...volumes.map((text) => ({ text, mount: parseVolume(text) })),
    ...mounts.map((spec) => ({ text: `${spec.source ?? spec.type}:${spec.target}`, mount: parseMount(spec) })),
    ...tmpfs.map((text) => ({ text, mount: parseTmpfs(text) })),
  ];
  const taken = new Map<string, string>();
  for (const { text, mount } of parsed) {
    const other = taken.get(mount.target);
    if (other !== undefined) throw takenTwice(mount.target, [other, text]);
    taken.set(mount.target, text);
  }
  return parsed.map(({ mount }) => mount);
}

/** Parses docker's `--volumes-from CONTAINER[:ro|rw]`. Throws `invalid-input` with the value. */
export function parseVolumesFrom(text: string): VolumesFrom {
  const [ref = "", mode, ...rest] = text.split(":");
  const isKnown = mode === undefined || mode === "ro" || mode === "rw" || mode === "z" || mode === "Z";
  if (ref !== "" && rest.length === 0 && isKnown)
    return { ref, ...(mode === "ro" || mode === "rw" ? { readOnly: mode === "ro" } : {}) };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_VOLUMES_FROM_INVALID",
    message: `--volumes-from "${text}" is not a container, with ro or rw behind a colon`,
    hint: "Write for example --volumes-from db:ro.",
    details: { value: text },
  });
}

function takenTwice(target: string, [first, second]: readonly [string, string]): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_VOLUME_TARGET_TWICE",
    message: `"${first}" and "${second}" are both to be mounted at ${target}`,
    hint: "Leave one of them out, or mount it elsewhere.",
    details: { target, volumes: [first, second] },
  });
}
