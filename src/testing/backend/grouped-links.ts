import type { NatBackend } from "../../api/index.js";
import type { Case, Chapter } from "../chapter.js";
import { expectSame } from "../expectations.js";
import type { BackendSubject } from "./backend-subject.js";
import { addressesOf, GroupLab, groupIntents, type Member } from "./group-lab.js";

/** Networks whose containers have a link each on the host, and no bridge: those of one group are neighbours. */
export function backendGroups({ make }: Pick<BackendSubject, "make">): Chapter {
  let lab: GroupLab | undefined;
  let backend: NatBackend | undefined;
  const replyTo = (from: Member | "outside", address: string): Promise<string | undefined> =>
    lab?.agents[from].call("tcp", address, 80) ?? Promise.resolve(undefined);
  const reaches = async (from: Member, to: Member, reached: boolean): Promise<void> => {
    for (const [index, address] of addressesOf(to).entries()) {
      const reply = reached ? `${to} saw ${addressesOf(from)[index]}` : "no answer";
      expectSame(`what ${from} hears of ${address}`, await replyTo(from, address), reply);
    }
  };
  const calls = (name: string, list: readonly (readonly [from: Member, to: Member, reached: boolean])[]): Case => ({
    name,
    run: async () => {
      for (const call of list) await reaches(...call);
    },
  });
  return {
    title: "Links of one group count as one bridge",
    open: async () => {
      lab = await GroupLab.build();
      backend = await make();
      await backend.ensure(groupIntents());
    },
    cases: [
      calls("neighbours call each other with their own addresses", [["g1", "g2", true]]),
      calls("containers of two groups do not reach each other", [
        ["g1", "h1", false],
        ["h1", "g1", false],
      ]),
      calls("of an internal group neighbours alone reach each other", [
        ["i1", "i2", true],
        ["i1", "g1", false],
        ["g1", "i1", false],
      ]),
      calls("of a group that is kept apart not even neighbours do", [["j1", "j2", false]]),
      {
        name: "what leaves for other machines is masqueraded, and no other machine reaches in",
        run: async () => {
          expectSame("what g1 hears of 192.0.2.2", await replyTo("g1", "192.0.2.2"), "outside saw 192.0.2.1");
          expectSame("what i1 hears of 192.0.2.2", await replyTo("i1", "192.0.2.2"), "no answer");
          expectSame("what 192.0.2.2 hears of g1", await replyTo("outside", "10.71.1.2"), "no answer");
        },
      },
    ],
    close: async () => {
      await backend?.purge();
      await lab?.tearDown();
    },
  };
}
