import { TsdError } from "../errors/tsd-error.js";
import type { Brought } from "./brought.js";
import { fieldsByKind, fieldsByLinkType, reservedKinds } from "./returned/resource-fields.js";

/** Who brings what. */
export interface Bringer {
  readonly name: string;
  readonly brought: Brought;
}

const nouns: Readonly<Record<keyof Brought, string>> = {
  drivers: "network driver",
  natBackends: "NAT backend",
  ipam: "IPAM driver",
  kinds: "resource kind",
  linkTypes: "link type",
};

/** Words of tsd's own that no built-in extension brings. */
const ownWords: Partial<Brought> = {
  kinds: ["link", ...Object.keys(fieldsByKind), ...reservedKinds],
  linkTypes: Object.keys(fieldsByLinkType),
  // What settings and options say where no name is meant.
  natBackends: ["auto"],
  ipam: ["default"],
};

/** Throws `plugin` where one of `added` brings a name that tsd has, or that another extension brings as well. */
export function refuseDuplicates(own: readonly Partial<Brought>[], added: readonly Bringer[]): void {
  for (const sort of Object.keys(nouns) as readonly (keyof Brought)[]) {
    const holders = new Map(
      [...own, ownWords].flatMap((words) => (words[sort] ?? []).map((name) => [name, "tsd itself"])),
    );
    for (const { name: plugin, brought } of added) {
      for (const name of brought[sort]) {
        const holder = holders.get(name);
        if (holder !== undefined) throw duplicate(`the ${nouns[sort]} "${name}"`, `plug-in "${plugin}"`, holder);
        holders.set(name, `plug-in "${plugin}"`);
      }
    }
  }
}

function duplicate(what: string, who: string, holder: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_DUPLICATE",
    message: who === holder ? `${who} brings ${what} twice` : `${who} brings ${what}, which ${holder} has`,
    hint: "Use one of them without the other.",
    details: { what, plugins: [who, holder] },
  });
}
