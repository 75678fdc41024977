import { TsdError } from "../../errors/tsd-error.js";
import type { Brought } from "../brought.js";
import { broughtOf, type Names } from "./brought-of.js";
import { installedPlugins, type Settings } from "./plugin-records.js";

/** Who has which name, and who needs it. */
export interface Claims {
  readonly settings: Settings;
  /** Whether tsd itself, or an extension of the program that opened it, has the name. */
  readonly isTaken: (sort: keyof Brought, name: string) => boolean;
  /** Who needs one of the names, in words. */
  readonly users: (brought: Brought) => readonly string[];
}

const SORTS: Readonly<Record<keyof Brought, string>> = {
  drivers: "driver",
  natBackends: "NAT backend",
  ipam: "IPAM driver",
  kinds: "resource kind",
  linkTypes: "link type",
};

const sorts = Object.keys(SORTS) as readonly (keyof Brought)[];

/** Throws `conflict` where another has one of the names that a plug-in brings. */
export function refuseConflicts(plugin: Names & { readonly name: string }, { settings, isTaken }: Claims): void {
  const others = installedPlugins(settings).filter(({ name }) => name !== plugin.name);
  const brought = broughtOf(plugin);
  for (const sort of sorts) {
    for (const name of brought[sort]) {
      if (isTaken(sort, name)) throw taken(plugin.name, SORTS[sort], name);
      const other = others.find((one) => broughtOf(one)[sort].includes(name));
      if (other !== undefined) throw taken(plugin.name, SORTS[sort], name, other.name);
    }
  }
}

/** Throws `conflict` where something needs what a plug-in brings, and what comes in its place does not bring. */
export function refuseUsers(plugin: Names & { readonly name: string }, { users }: Claims, instead?: Brought): void {
  const brought = broughtOf(plugin);
  const lost = Object.fromEntries(
    sorts.map((sort) => [sort, brought[sort].filter((name) => !instead?.[sort].includes(name))]),
  ) as unknown as Brought;
  const found = users(lost);
  if (found.length === 0) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_PLUGIN_IN_USE",
    message:
      instead === undefined
        ? `plug-in "${plugin.name}" is used by ${found.join(", ")}`
        : `the new version of plug-in "${plugin.name}" lacks what ${found.join(", ")} ${found.length === 1 ? "uses" : "use"}`,
    hint: "Remove what uses it first; with --force that stays, and can only be removed.",
    details: { plugin: plugin.name, users: found },
  });
}

function taken(plugin: string, sort: string, name: string, other?: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_PLUGIN_NAME_TAKEN",
    message: `plug-in "${plugin}" brings the ${sort} "${name}", which ${other === undefined ? "is tsd's own" : `plug-in "${other}" brings too`}`,
    hint: other === undefined ? "Give it another name." : `Remove the other first: tsd plugin rm ${other}`,
    details: { plugin, name, ...(other === undefined ? {} : { other }) },
  });
}
