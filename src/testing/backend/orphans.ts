import type { NatBackend, NatIntent, Sweeper } from "../../api/index.js";
import { CannotRun, type Chapter } from "../chapter.js";
import { expectSame, expectThat, words } from "../expectations.js";
import { type BackendSubject, backendCase, expectListing, expectNoDrift } from "./backend-subject.js";
import { networkIntents, portIntents } from "./intent-lists.js";
import { allow, isolate, masquerade, publish, stranger } from "./intents.js";

/** What bears tsd's marks and no row lists. */
export function backendOrphans(subject: BackendSubject): Chapter {
  return {
    title: "Orphans are found and freed",
    cases: [
      backendCase(subject, "frees what no row wants, and leaves alone what one does", async ({ backend, bare }) => {
        const wanted = [...networkIntents(subject), ...portIntents];
        const unwanted: readonly NatIntent[] = [
          publish({ owner: stranger, hostPort: 81 }),
          allow({ owner: stranger, port: 82, count: 2 }),
          { ...masquerade, owner: stranger, bridge: "br-gone" },
        ];
        const sweeper = sweeperOf(backend);
        await backend.ensure(wanted);
        const before = await subject.listing();
        expectSame("orphans where all is wanted", await sweeper.orphans(() => wanted), []);
        await backend.ensure(unwanted);
        const orphans = await sweeper.orphans(() => wanted);
        expectThat(orphans.length >= unwanted.length, `expected ${unwanted.length} orphans, found ${words(orphans)}`);
        for (const { what } of orphans) expectThat(what.includes(stranger.slice(0, 12)), `${what} is no orphan`);
        expectSame("orphans once they are wanted", await sweeper.orphans(() => [...wanted, ...unwanted]), []);
        for (let times = 0; times < 2; times++) {
          await sweeper.sweep(orphans);
          await expectListing(subject, "after the sweep", before);
        }
        await backend.remove(wanted);
        await expectListing(subject, "after the removal", bare);
      }),
      backendCase(subject, "takes for an orphan what leads elsewhere than its owner wants", async ({ backend }) => {
        const sweeper = sweeperOf(backend);
        await backend.ensure([isolate, publish({ containerAddress: "10.10.10.9" })]);
        const orphans = await sweeper.orphans(() => [isolate, publish()]);
        const named = orphans.length === 1 && orphans[0]?.what.includes("10.10.10.9");
        expectThat(named === true, `expected one orphan that names 10.10.10.9, found ${words(orphans)}`);
        await sweeper.sweep(orphans);
        await backend.ensure([publish()]);
        await expectNoDrift(backend, [isolate, publish()]);
        await backend.remove([publish(), isolate]);
      }),
      backendCase(subject, "has no orphans where it made nothing", async ({ backend }) => {
        await backend.purge();
        expectSame("orphans", await sweeperOf(backend).orphans(() => []), []);
      }),
    ],
  };
}

function sweeperOf({ sweeper }: NatBackend): Sweeper<NatIntent> {
  if (sweeper === undefined) throw new CannotRun("the backend has no sweeper: nothing of it could be left over");
  return sweeper;
}
