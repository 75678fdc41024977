import { isDeepStrictEqual } from "node:util";
import type { Drift, NatBackend, NatIntent } from "../../api/index.js";
import type { Case } from "../chapter.js";
import { expectSame, expectThat, words } from "../expectations.js";
import { guard, isolate, segment } from "./intents.js";

/** A packet filter, and how to see all of it. */
export interface BackendSubject {
  readonly name: string;
  /** A new one each time, as each command has. */
  readonly make: () => NatBackend | Promise<NatBackend>;
  /** All that its kind of firewall holds in this namespace, as text. */
  readonly listing: () => string | Promise<string>;
  /** Puts something of another program's into the firewall, and takes it out again. */
  readonly plant: () => unknown;
  readonly uproot: () => unknown;
  /** Whether it can keep endpoints from using what is not theirs. */
  readonly guards: boolean;
  /** Whether it can keep networks that span hosts: see `trunk` of an isolation, and segments. */
  readonly spans: boolean;
}

/** A backend that has made its tables, beside rules of another program. */
export interface BackendScene {
  readonly backend: NatBackend;
  /** What is listed while nothing is wanted. */
  readonly bare: string;
}

/** Intents for which it makes every table that it has. */
export function everyTable({ guards, spans }: BackendSubject): readonly NatIntent[] {
  return [isolate, ...(guards ? [guard()] : []), ...(spans ? [segment] : [])];
}

/** A case on such a scene. At the end everything is purged, and nothing may be left. */
export function backendCase(subject: BackendSubject, name: string, act: (scene: BackendScene) => Promise<void>): Case {
  const { make, listing, plant, uproot } = subject;
  const run = async (): Promise<void> => {
    await plant();
    const backend = await make();
    try {
      await backend.ensure(everyTable(subject));
      await backend.remove(everyTable(subject));
      await act({ backend, bare: await listing() });
    } finally {
      await backend.purge();
      await uproot();
    }
    expectSame("what the firewall lists after a purge", await listing(), "");
  };
  return { name, run };
}

/** Throws where the firewall does not list exactly `expected`, with the lines that differ. */
export async function expectListing({ listing }: BackendSubject, when: string, expected: string): Promise<void> {
  const found = await listing();
  if (found === expected) return;
  const [now, before] = [found.split("\n"), expected.split("\n")];
  const added = now.filter((line) => !before.includes(line)).slice(0, 5);
  const lost = before.filter((line) => !now.includes(line)).slice(0, 5);
  throw new Error(`${when} the firewall lists ${words(added)} more, and ${words(lost)} less`);
}

export async function expectNoDrift(backend: NatBackend, intents: readonly NatIntent[]): Promise<void> {
  expectSame("what inspect finds", await backend.inspect(intents), []);
}

/** `found` of each stands in a drift of that problem; no other drift is there. */
export async function expectDrift(
  found: readonly Drift[],
  expected: readonly (Pick<Drift, "resource" | "problem"> & { readonly saying?: string })[],
): Promise<void> {
  const fits = found.every(({ resource, problem, found: said = "" }, index) => {
    const { saying = "", ...other } = expected[index] ?? {};
    return isDeepStrictEqual({ resource, problem }, other) && said.includes(saying);
  });
  expectThat(fits && found.length === expected.length, `expected drift ${words(expected)}, found ${words(found)}`);
}
