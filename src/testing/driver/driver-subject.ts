import type { Extension, NetworkDriver, RawOptions } from "../../api/index.js";
import { parent } from "../lab/addresses.js";
import type { NetworkVariant, Reach, VerifyOptions } from "../verify-options.js";

/** One driver with one kind of its networks. */
export interface DriverSubject {
  readonly extension: Extension;
  readonly driver: NetworkDriver;
  readonly variant: NetworkVariant;
  readonly verification: VerifyOptions;
  /** Path of its module, or the word for one of tsd's own; processes that are killed load it. */
  readonly module: string;
  readonly own: boolean;
}

/** Which of the two networks that the kit makes. */
export type Which = "first" | "second";

/** Numbers that the cluster would draw otherwise, so that a network that comes again is like the one before. */
const vnis: Readonly<Record<Which, string>> = { first: "101", second: "102" };

export function optionsOf({ driver, variant }: DriverSubject, which: Which): RawOptions {
  const { options = {}, second = options } = variant;
  const numbered = driver.capabilities.spansHosts ? { vni: vnis[which] } : {};
  return { ...numbered, ...withParent(which === "first" ? options : second) };
}

/** Who reaches whom, with the defaults for what the author does not say. */
export function reachOf({ variant: { lan, internal = false, reaches } }: DriverSubject): Reach {
  const wired = lan !== undefined;
  return {
    host: !wired,
    outside: !internal,
    inward: wired && !internal,
    neighbours: true,
    networks: false,
    ...reaches,
  };
}

export function withParent(options: RawOptions): RawOptions {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, value.replaceAll("PARENT", parent)]));
}
