import type { Bind } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** Parses docker's `-v HOST:CONTAINER[:ro|rw]`, both paths absolute. Throws `invalid-input` with the value. */
export function parseVolume(text: string): Bind {
  const [source = "", target = "", mode = "rw", ...rest] = text.split(":");
  if (rest.length > 0 || (mode !== "ro" && mode !== "rw")) throw invalid(text, "it ends in neither :ro nor :rw");
  if (!source.startsWith("/")) throw invalid(text, `"${source}" is not an absolute path of the host`);
  if (!target.startsWith("/")) throw invalid(text, `"${target}" is not an absolute path in the container`);
  if (target === "/" || target.split("/").includes("..")) throw invalid(text, `"${target}" cannot be mounted over`);
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
