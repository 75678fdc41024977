import type { SystemInfo } from "../api/index.js";

/** What runs this process. Bun gives itself out for a version of Node.js as well. */
export function javascriptRuntime(): SystemInfo["javascript"] {
  const { bun } = process.versions;
  const path = process.execPath;
  return bun === undefined
    ? { runtime: "Node.js", version: process.version, path }
    : { runtime: "Bun", version: `v${bun}`, path };
}
