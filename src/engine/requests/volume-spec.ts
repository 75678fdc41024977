import { posix } from "node:path";
import type { Bind } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Parses the volumes of one container. Throws as {@link parseVolume}, and `invalid-input` for a target that comes twice. */
export function parseVolumes(texts: readonly string[]): readonly Bind[] {
  const taken = new Map<string, string>();
  return texts.map((text) => {
    const bind = parseVolume(text);
    const other = taken.get(bind.target);
    if (other !== undefined) throw takenTwice(bind.target, [other, text]);
    taken.set(bind.target, text);
    return bind;
  });
}

/**
 * Parses docker's `-v HOST:CONTAINER[:ro|rw]`, both paths absolute. The target comes in its shortest form, without `..`, `.`,
 * and slashes that mean nothing. Throws `invalid-input` with the value.
 */
export function parseVolume(text: string): Bind {
  const [source = "", given = "", mode = "rw", ...rest] = text.split(":");
  if (rest.length > 0 || (mode !== "ro" && mode !== "rw")) throw invalid(text, "it ends in neither :ro nor :rw");
  if (!source.startsWith("/")) throw invalid(text, `"${source}" is not an absolute path of the host`);
  if (!given.startsWith("/")) throw invalid(text, `"${given}" is not an absolute path in the container`);
  const target = posix.resolve(given);
  if (target === "/") throw invalid(text, `"${given}" cannot be mounted over`);
  return { source, target, readOnly: mode === "ro" };
}

function invalid(text: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_VOLUME_INVALID",
    message: `cannot mount "${text}": ${why}`,
    hint: "Write /host/path:/container/path[:ro].",
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
