import { accessSync, constants, statSync } from "node:fs";
import type { Bind } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** Where distributions put them. They run in root file systems of any kind, so those that need no library come first. */
const places = [
  "/usr/bin/docker-init",
  "/usr/libexec/docker/docker-init",
  "/usr/local/bin/docker-init",
  "/usr/bin/tini-static",
  "/usr/bin/catatonit",
  "/usr/libexec/podman/catatonit",
  "/usr/libexec/catatonit/catatonit",
  "/usr/bin/tini",
] as const;

/** In the container's own /dev, so that nothing is left in its root file system, which may be read-only. */
const target = "/dev/init";

/** The bind by which a container has an init. Throws `unsupported` naming the package where the host has none. */
export function initBind(candidates: readonly string[] = places): Bind {
  const source = candidates.find(isProgram);
  if (source !== undefined) return { source, target, readOnly: true };
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_INIT_MISSING",
    message: "--init needs a small init program, and this host has neither tini nor catatonit",
    hint: "Install one: apt-get install tini",
    details: { candidates },
  });
}

/** A command as that init starts it. */
export function underInit(command: readonly string[]): readonly string[] {
  return [target, "--", ...command];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
