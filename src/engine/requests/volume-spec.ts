import { posix } from "node:path";
import type { MountRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { isVolumeName } from "./volume-name.js";

/** What an option of `-v` says; those that mean nothing here say nothing. */
type Meaning = Partial<MountRequest> & { readonly of?: MountRequest["type"] };

/** Options of which one excludes the others are of one group. */
const options: Readonly<Record<string, { readonly group: string; readonly means: Meaning }>> = {
  ro: { group: "access", means: { readOnly: true } },
  rw: { group: "access", means: { readOnly: false } },
  nocopy: { group: "copy", means: { noCopy: true, of: "volume" } },
  // Labels of SELinux, and how docker's virtual machines keep files in step.
  ...silent("label", "z", "Z"),
  ...silent("consistency", "cached", "delegated", "consistent", "default"),
  ...propagations("private", "rprivate", "shared", "rshared", "slave", "rslave"),
};

function silent(group: string, ...names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { group, means: {} }]));
}

function propagations(...names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => [name, { group: "propagation", means: { propagation: name, of: "bind" } as const }]),
  );
}

/**
 * Parses docker's `-v [HOST|VOLUME:]CONTAINER[:OPTIONS]`. The target comes in its shortest form, without `..`, `.`, and slashes that
 * mean nothing. A path of the host that is missing is made. Throws `invalid-input` with the value.
 */
export function parseVolume(text: string): MountRequest {
  const parts = text.split(":");
  const [source, given = "", words] = parts.length === 1 ? [undefined, ...parts] : parts;
  if (parts.length > 3) throw invalid(text, "it has more than three parts");
  const target = containerPath(text, given);
  const isPath = source?.startsWith("/") === true;
  if (source !== undefined && !isPath && !isVolumeName(source))
    throw invalid(text, `"${source}" is neither an absolute path of the host nor the name of a volume`);
  const type = isPath ? "bind" : "volume";
  const { readOnly = false, ...rest } = readOptions(text, words, type);
  return {
    ...{ type, target, readOnly, ...rest },
    ...(source === undefined ? {} : { source }),
    ...(isPath ? { createSource: true } : {}),
  };
}

function containerPath(text: string, given: string): string {
  if (!given.startsWith("/")) throw invalid(text, `"${given}" is not an absolute path in the container`);
  if (given.includes("\0")) throw invalid(text, "a path holds no NUL character");
  const target = posix.resolve(given);
  if (target === "/") throw invalid(text, `"${given}" cannot be mounted over`);
  return target;
}

function readOptions(text: string, words: string | undefined, type: MountRequest["type"]): Partial<MountRequest> {
  const groups = new Map<string, string>();
  const meanings = (words?.split(",") ?? []).map((word) => {
    const option = Object.hasOwn(options, word) ? options[word] : undefined;
    if (option === undefined) throw invalid(text, `"${word}" is no option of a volume`);
    const other = groups.get(option.group);
    if (other !== undefined) throw invalid(text, `"${other}" and "${word}" exclude each other`);
    groups.set(option.group, word);
    const { of = type, ...means } = option.means;
    if (of === type) return means;
    throw invalid(text, `"${word}" is for ${of === "bind" ? "paths of the host" : "volumes"} alone`);
  });
  return Object.assign({}, ...meanings);
}

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_VOLUME_INVALID",
    message: `cannot mount "${text}": ${why}`,
    hint: "Write /host/path:/container/path[:ro], or VOLUME:/container/path[:ro].",
    details: { value: text },
  });
}
