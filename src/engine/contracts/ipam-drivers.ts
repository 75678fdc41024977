import type { IpamDriver, Pool } from "../../api/index.js";

/** An {@link IpamDriver} as the engine asks it: a dry run has none propose, and returns undefined for tsd's own choice. */
export interface AskedIpam extends Pick<IpamDriver, "name" | "parseOptions" | "releasePool" | "releaseAddress"> {
  proposePool(...proposal: Parameters<IpamDriver["proposePool"]>): Promise<Pool | undefined>;
  proposeAddress(...proposal: Parameters<IpamDriver["proposeAddress"]>): Promise<string | undefined>;
}

/** IPAM drivers by the word after `--ipam-driver`. */
export interface IpamDrivers {
  /** Loads the plug-in that brings it, where that is not loaded yet. Throws `plugin` where it fails. */
  get(name: string): AskedIpam | undefined;
  /** Whether one of that name is installed, working or not. */
  has(name: string): boolean;
  names(): readonly string[];
}
