import type { Resource, Step } from "../../api/index.js";
import type { Case, Chapter } from "../chapter.js";
import { expectRefusal, expectSame, expectSameLines, words } from "../expectations.js";
import { withoutChance } from "../lab/chance.js";
import { ip } from "../lab/host-programs.js";
import type { Stage } from "./stage.js";

/** Making and removing, and dry runs of both. */
export function life(stage: Stage): Chapter {
  const check = (name: string): Case => ({
    name,
    run: async () => expectSame("what check finds", await stage.lab.withTsd((tsd) => tsd.system.check()), []),
  });
  return {
    title: "A network and its container come and go",
    open: () => stage.open(),
    cases: [
      {
        name: "a dry run of creating the network changes nothing",
        run: () => changesNothing(stage, () => planned(stage, "create")),
      },
      {
        name: "creating the network makes what the dry run said",
        run: async () => {
          const plan = await planned(stage, "create");
          await stage.create();
          expectSameLines("resources made", forms(await stage.lists()), forms(plan));
        },
      },
      check("check finds everything as listed"),
      {
        name: "a dry run of attaching a container changes nothing",
        run: () => changesNothing(stage, () => planned(stage, "attach")),
      },
      {
        name: "attaching makes what the dry run said",
        run: async () => {
          const [before, plan] = [await stage.lists(), await planned(stage, "attach")];
          await stage.attach("a1");
          const added = forms(await stage.lists()).filter((form) => !forms(before).includes(form));
          const foreseen = forms(plan).filter((form) => !forms(before).includes(form));
          expectSameLines("resources made", added, foreseen);
        },
      },
      check("check finds the container's as listed, too"),
      {
        name: "an interface name that is taken is refused late, and all is undone",
        run: async () => {
          await ip("-n a2 link add taken0 type bridge");
          try {
            const before = await stage.lab.residue();
            const attach = () =>
              stage.lab.withTsd((tsd) => tsd.endpoints.attach({ ...stage.attachment("a2"), interface: "taken0" }));
            await expectRefusal("an interface name that is taken", attach);
            expectSameLines("after the refusal", await stage.comesTo(before), before);
          } finally {
            await ip("-n a2 link delete taken0");
          }
        },
      },
      {
        name: "a network in use is not removed",
        run: () =>
          expectRefusal("removing it", () => stage.lab.withTsd((tsd) => tsd.networks.remove("kit-first")), {
            kind: "conflict",
          }),
      },
      {
        name: "a container that comes a second time finds the place as the first did",
        run: async () => {
          const before = (await stage.lab.residue()).map(withoutChance);
          await stage.lab.withTsd(async (tsd) => {
            for (const { id } of tsd.endpoints.list()) await tsd.endpoints.detach(id);
          });
          await stage.attach("a1");
          expectSameLines("the second time", (await stage.lab.residue()).map(withoutChance), before);
        },
      },
      {
        name: "the resources of the extension's own are made twice without harm",
        run: () => ensureOwnTwice(stage),
      },
    ],
    close: () => stage.close(),
  };
}

/** What providers of the extension do when what they are to make is there. */
async function ensureOwnTwice(stage: Stage): Promise<void> {
  const list = await stage.lists();
  for (const provider of stage.subject.extension.providers ?? []) {
    const own = list.filter(({ kind }) => provider.kinds.includes(kind));
    if (own.length === 0) continue;
    const before = await stage.lab.residue();
    await provider.ensure(own);
    expectSame(`what inspect finds of ${words(own)}`, await provider.inspect(own), []);
    expectSame("what describe would send to make what is there", await provider.describe("ensure", own), []);
    expectSameLines("after a second time", await stage.lab.residue(), before);
  }
}

async function changesNothing(stage: Stage, act: () => Promise<unknown>): Promise<void> {
  const before = await stage.lab.residue();
  await act();
  expectSameLines("after the dry run", await stage.lab.residue(), before);
}

/** The driver's resources in the plan of a dry run, in the order of making. */
async function planned(stage: Stage, what: "create" | "attach"): Promise<readonly Resource[]> {
  const steps: Step[] = [];
  await stage.lab.withTsd<unknown>(
    (tsd) =>
      what === "create" ? tsd.networks.create(stage.specOf("first")) : tsd.endpoints.attach(stage.attachment("a1")),
    (step) => steps.push(step),
  );
  return steps.flatMap((step) => (step.verb === "make" ? step.resources : []));
}

/** Resources as sorted lines, without ids and what is derived from them, and without what tsd itself reads: old values. */
function forms(list: readonly Resource[]): readonly string[] {
  return list.map((resource) => withoutChance(JSON.stringify({ ...resource, restore: undefined }))).sort();
}
