import { expect, test } from "@jest/globals";
import type { SendSignal } from "../../../src/api/index.js";
import { endedBy } from "../../../src/runtime/ended-by.js";

/** A command that runs until it is sent a signal; `start` is called between its start and the first word of it. */
async function runUntilSignal(start: () => void, sent: string[], onRun: (send: SendSignal) => void): Promise<number> {
  await Promise.resolve();
  start();
  return new Promise((resolve) => {
    onRun((signal) => {
      sent.push(signal);
      resolve(143);
    });
  });
}

test.each([
  ["while the command starts", (caller: AbortController) => caller.abort(new Error("late")), undefined],
  ["once it runs", () => undefined, (caller: AbortController) => caller.abort(new Error("late"))],
])("a signal that is aborted %s ends it, with the reason", async (_, whileStarting, onceRunning) => {
  const caller = new AbortController();
  const sent: string[] = [];
  const run = endedBy(
    caller.signal,
    () => onceRunning?.(caller),
    (onRun) => runUntilSignal(() => whileStarting(caller), sent, onRun),
  );
  await expect(run).rejects.toThrow("late");
  expect(sent).toEqual(["SIGTERM"]);
});
