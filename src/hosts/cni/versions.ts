import { TsdError } from "../../api/index.js";
import { type CniVersion, cniVersions } from "../../contracts/cni-version.js";
import { pluginFailure } from "./cni-failure.js";

export function isSpoken(text: string): text is CniVersion {
  return (cniVersions as readonly string[]).includes(text);
}

/** What one plug-in said to VERSION. */
export interface Supported {
  readonly type: string;
  readonly versions: readonly string[];
}

/**
 * The newest version that tsd, all plug-ins and the list know; `offered` are the list's own. Throws `plugin` naming the first
 * plug-in that leaves none.
 */
export function negotiate(plugins: readonly Supported[], offered: readonly string[] = cniVersions): CniVersion {
  let common: readonly CniVersion[] = cniVersions.filter((version) => offered.includes(version));
  for (const { type, versions } of plugins) {
    const next = common.filter((version) => versions.includes(version));
    if (next.length === 0) throw noneInCommon({ type, versions }, common);
    common = next;
  }
  return common.at(-1) as CniVersion;
}

function noneInCommon({ type, versions }: Supported, asked: readonly CniVersion[]): TsdError {
  const speaks = versions.join(", ") || "no version";
  const known = versions.filter(isSpoken);
  const { message } = pluginFailure(
    type,
    "VERSION",
    `it speaks ${speaks}, and what is asked for is ${asked.join(" or ")}`,
  );
  return new TsdError({
    kind: "plugin",
    code: "TSD_CNI_VERSION",
    message,
    hint:
      known.length === 0
        ? `Install a version of it that speaks one of ${cniVersions.join(", ")}.`
        : `Set "cniVersion" of the list to one that all its plug-ins speak; this one: ${known.join(", ")}.`,
    details: { plugin: type, versions },
  });
}
