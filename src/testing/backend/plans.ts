import type { Chapter } from "../chapter.js";
import { expectSame } from "../expectations.js";
import { runProgram } from "../lab/host-programs.js";
import { type BackendSubject, backendCase, expectListing, expectNoDrift } from "./backend-subject.js";
import { portIntents } from "./intent-lists.js";
import { isolate, masquerade } from "./intents.js";

/** What a dry run prints is what a shell can do in the backend's place. */
export function backendPlans(subject: BackendSubject): Chapter {
  const { make, listing } = subject;
  const intents = [isolate, masquerade, ...portIntents];
  return {
    title: "What it describes is what it does",
    cases: [
      backendCase(subject, "describes one change on top of the other, and changes nothing", async () => {
        const before = await listing();
        const planner = await make();
        await planner.describe("ensure", intents);
        expectSame("what a second ensure would send", await planner.describe("ensure", intents), []);
        await planner.describe("remove", intents);
        const again = (await planner.describe("remove", intents)).filter(isForRules);
        expectSame("what a second removal would send", again, []);
        await expectListing(subject, "after the descriptions", before);
      }),
      backendCase(subject, "a shell does the same by what it describes", async ({ backend, bare }) => {
        const planner = await make();
        const made = await planner.describe("ensure", intents);
        const removed = await planner.describe("remove", intents);
        await shell(made);
        await expectNoDrift(await make(), intents);
        expectSame("what is left to make", await (await make()).describe("ensure", intents), []);
        await shell(removed);
        expectSame("how many are missing", (await (await make()).inspect(intents)).length, intents.length);
        await expectListing(subject, "after the removal", bare);
        await backend.ensure(intents);
        await shell(await (await make()).describePurge());
        const purged = await listing();
        await backend.ensure(intents);
        await backend.purge();
        await expectListing(subject, "after a purge", purged);
      }),
    ],
  };
}

async function shell(commands: readonly string[]): Promise<void> {
  for (const command of commands.filter(isForRules)) await runProgram(["sh", "-c", command]);
}

/** Not for flows, of which there are none here: conntrack(8) calls that a failure. */
function isForRules(command: string): boolean {
  return !command.startsWith("conntrack ");
}
