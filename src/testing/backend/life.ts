import type { NatIntent } from "../../api/index.js";
import type { Chapter } from "../chapter.js";
import { expectRefusal, expectThat, words } from "../expectations.js";
import {
  type BackendSubject,
  backendCase,
  everyTable,
  expectDrift,
  expectListing,
  expectNoDrift,
} from "./backend-subject.js";
import { networkIntents, portIntents } from "./intent-lists.js";
import { isolate, masquerade, publish, stranger } from "./intents.js";

const theirs = publish({ owner: stranger, containerAddress: "10.10.10.9" });

/** What any backend does with intents, whatever it is made of. */
export function backendLife(subject: BackendSubject): Chapter {
  return { title: "Intents come and go", cases: [...comings(subject), ...goings(subject), ...refusals(subject)] };
}

function comings(subject: BackendSubject): Chapter["cases"] {
  const { listing } = subject;
  const network = networkIntents(subject);
  const all = [...network, ...portIntents];
  return [
    backendCase(subject, "is usable here, and says its version", async ({ backend, bare }) => {
      const availability = await backend.probe();
      const usable = availability.usable && /^\d+\.\d+/.test(availability.version);
      expectThat(usable, `expected to be usable in a version like 1.2, found ${words(availability)}`);
      await expectListing(subject, "after the probe", bare);
    }),
    backendCase(subject, "finds what it made, and adopts it", async ({ backend, bare }) => {
      await backend.ensure(all);
      const full = await listing();
      expectThat(full !== bare, "the firewall lists nothing for what was made");
      await expectNoDrift(backend, all);
      await backend.ensure(all);
      await expectListing(subject, "after a second time", full);
    }),
    backendCase(subject, "adds what is missing to what is there", async ({ backend }) => {
      await backend.ensure(network);
      await backend.ensure(all);
      await expectNoDrift(backend, all);
    }),
    backendCase(subject, "repairs after everything of it was erased", async ({ backend }) => {
      await backend.ensure(all);
      const full = await listing();
      await backend.purge();
      await expectDrift(await backend.inspect([isolate]), [{ resource: isolate, problem: "missing" }]);
      await backend.ensure(all);
      await expectListing(subject, "after the repair", full);
    }),
    backendCase(subject, "reports what is missing and what is different", async ({ backend }) => {
      await backend.ensure([isolate, theirs]);
      await expectDrift(await backend.inspect([isolate, masquerade, publish()]), [
        { resource: masquerade, problem: "missing" },
        { resource: publish(), problem: "different", saying: "10.10.10.9" },
      ]);
    }),
    backendCase(subject, "does no harm to what others do at the same time", async ({ backend, bare }) => {
      await backend.purge();
      const others = await Promise.all(Array.from({ length: 4 }, () => subject.make()));
      const part = (index: number): readonly NatIntent[] => [
        publish({ hostPort: 100 + index, owner: String(index).repeat(64) }),
      ];
      await Promise.all(others.map((each, index) => each.ensure(part(index))));
      await expectNoDrift(
        backend,
        others.flatMap((_each, index) => part(index)),
      );
      await Promise.all(others.map((each, index) => each.remove(part(index))));
      // Ports need not have made all that a network does.
      await backend.ensure(everyTable(subject));
      await backend.remove(everyTable(subject));
      await expectListing(subject, "after all were removed", bare);
    }),
  ];
}

function goings(subject: BackendSubject): Chapter["cases"] {
  const network = networkIntents(subject);
  const all = [...network, ...portIntents];
  return [
    backendCase(subject, "leaves nothing of what it removed", async ({ backend, bare }) => {
      await backend.ensure(all);
      await backend.remove([...portIntents].reverse());
      await expectNoDrift(backend, network);
      await backend.remove([...network].reverse());
      await expectListing(subject, "after the removal", bare);
    }),
    backendCase(subject, "removes what is partly or wholly gone", async ({ backend, bare }) => {
      await backend.remove(all);
      await backend.ensure(portIntents.slice(0, 3));
      await backend.remove(all);
      await expectListing(subject, "after the removal", bare);
      await backend.purge();
      await backend.remove(all);
    }),
    backendCase(subject, "does not remove what belongs to another by now", async ({ backend }) => {
      const owned = [theirs, { ...isolate, owner: stranger }];
      await backend.ensure(owned);
      const before = await subject.listing();
      await backend.remove([isolate, publish()]);
      await expectListing(subject, "after the removal", before);
      await backend.remove(owned);
    }),
  ];
}

function refusals(subject: BackendSubject): Chapter["cases"] {
  const { listing } = subject;
  const name = "refuses a port that leads elsewhere, naming whose it is, and changes nothing";
  return [
    backendCase(subject, name, async ({ backend }) => {
      await backend.ensure([theirs]);
      const before = await listing();
      const attempt = () => backend.ensure([...networkIntents(subject), publish()]);
      await expectRefusal("the port", attempt, { kind: "conflict", named: stranger.slice(0, 12) });
      await expectListing(subject, "after the refusal", before);
    }),
  ];
}
