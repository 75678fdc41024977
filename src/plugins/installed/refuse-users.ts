import { TsdError } from "../../errors/tsd-error.js";
import type { Brought } from "../brought.js";
import type { Bringer } from "../refuse-duplicates.js";
import type { Settings } from "./plugin-records.js";

/** Who has which name, and who needs it. */
export interface Claims {
  readonly settings: Settings;
  /** Throws `plugin` where one of `added` has a name of tsd's own, or of another of them. */
  readonly refuseDuplicates: (added: readonly Bringer[]) => void;
  /** Who needs one of the names, in words. */
  readonly users: (brought: Brought) => readonly string[];
}

/** Throws `conflict` where something needs what a plug-in brings, and what comes in its place does not bring. */
export function refuseUsers({ name, brought }: Bringer, { users }: Pick<Claims, "users">, instead?: Brought): void {
  const lost = (sort: keyof Brought): readonly string[] =>
    brought[sort].filter((one) => !instead?.[sort].includes(one));
  const found = users({
    drivers: lost("drivers"),
    natBackends: lost("natBackends"),
    ipam: lost("ipam"),
    kinds: lost("kinds"),
    linkTypes: lost("linkTypes"),
  });
  if (found.length === 0) return;
  const all = found.join(", ");
  throw new TsdError({
    kind: "conflict",
    code: "TSD_PLUGIN_IN_USE",
    message:
      instead === undefined
        ? `plug-in "${name}" is used by ${all}`
        : `the new version of plug-in "${name}" lacks what ${all} ${found.length === 1 ? "uses" : "use"}`,
    hint: "Remove what uses it first; with --force that stays, and can only be removed.",
    details: { plugin: name, users: found },
  });
}
