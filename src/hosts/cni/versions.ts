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
    if (next.length === 0)
      throw pluginFailure(
        type,
        "VERSION",
        `it speaks ${versions.join(", ") || "no version"}, and what is asked for is ${common.join(" or ")}`,
      );
    common = next;
  }
  return common.at(-1) as CniVersion;
}
