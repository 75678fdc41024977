import { type CniVersion, cniVersions, isAtLeast } from "../../contracts/cni-version.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Command } from "./call.js";
import { shown } from "./shown.js";

export const newestVersion: CniVersion = "1.1.0";

/** The first version that has the command. */
const introduced: Readonly<Partial<Record<Command, CniVersion>>> = { CHECK: "0.4.0", GC: "1.1.0", STATUS: "1.1.0" };

/** A configuration without a version is one of 0.1.0. Throws with the specification's number 1. */
export function requireVersion(text: string | undefined, command: Command): CniVersion {
  const version = cniVersions.find((one) => one === text);
  if (version === undefined) throw incompatible(`${shown(text ?? "0.1.0")} is not supported`);
  const first = introduced[command];
  if (first === undefined || isAtLeast(version, first)) return version;
  throw incompatible(`${version} has no ${command}, which came with ${first}`);
}

function incompatible(what: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_CNI_VERSION",
    message: `cniVersion ${what}`,
    hint: `Set cniVersion to one of ${cniVersions.join(", ")}.`,
  });
}
