import { expect, test } from "@jest/globals";
import type { CommandResult, Container, ForegroundOptions } from "../../../src/api/index.js";
import { attachedStreams, parseAttached } from "../../../src/commands/attached-streams.js";
import { runInForeground } from "../../../src/commands/foreground.js";
import type { Surroundings } from "../../../src/commands/surroundings.js";

interface Session {
  readonly tty?: boolean;
  readonly sigProxy?: boolean;
}

/** What a caller sees that sends these signals to a container that ignores them. */
async function after(signals: readonly NodeJS.Signals[], { tty = false, sigProxy = true }: Session = {}) {
  let send: (signal: NodeJS.Signals) => void = () => undefined;
  const [killed, said]: [string[], string[]] = [[], []];
  const surroundings = {
    onSignal: (listener: typeof send) => {
      send = listener;
      return () => undefined;
    },
  } as unknown as Surroundings;
  const kill = async (_ref: string, signal: string) => void killed.push(signal);
  const tsd = { containers: { kill } } as unknown as Parameters<typeof runInForeground>[1]["tsd"];
  const session = { tsd, tty, sigProxy, detachKeys: undefined, say: (text: string) => void said.push(text.trim()) };
  const start = async ({ onStart, leave }: ForegroundOptions): Promise<CommandResult> => {
    onStart?.({ id: "1", name: "web" } as Container);
    for (const signal of signals) send(signal);
    const left = { stdout: "", stderr: "" };
    return leave?.aborted ? { exitCode: 0, detached: true, ...left } : { exitCode: 7, ...left };
  };
  return { code: await runInForeground(surroundings, session, start), killed, said };
}

const onSecond =
  'tsd: container "web" goes on after Ctrl-C: end it with tsd kill web, or press Ctrl-C once more to leave it running';
const onLeaving = 'tsd: container "web" runs on; come back with tsd attach web';

test.each<[string, readonly NodeJS.Signals[], Session, object]>([
  ["one Ctrl-C", ["SIGINT"], {}, { code: 7, killed: ["INT"], said: [] }],
  ["two", ["SIGINT", "SIGINT"], {}, { code: 7, killed: ["INT", "INT"], said: [onSecond] }],
  ["three", ["SIGINT", "SIGINT", "SIGINT"], {}, { code: 1, killed: ["INT", "INT"], said: [onSecond, onLeaving] }],
  ["other signals", ["SIGTERM", "SIGTERM", "SIGTERM"], {}, { code: 7, killed: ["TERM", "TERM", "TERM"], said: [] }],
  ["a reload", ["SIGHUP"], {}, { code: 7, killed: ["HUP"], said: [] }],
  ["a closed terminal", ["SIGHUP"], { tty: true }, { code: 129, killed: [], said: [onLeaving] }],
  ["a signal that is not passed on", ["SIGINT"], { sigProxy: false }, { code: 130, killed: [], said: [onLeaving] }],
])("%s", async (_name, signals, session, expected) => {
  expect(await after(signals, session)).toEqual(expected);
});

test("streams that are not attached are lost, and no other word is one", () => {
  const whole = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
  const { stdin, stdout, stderr } = attachedStreams(() => whole, parseAttached(["STDOUT"]));
  expect([stdin, stdout === process.stdout, stderr === process.stderr]).toEqual([undefined, true, false]);
  expect(attachedStreams(() => whole, parseAttached(undefined))).toBe(whole);
  expect(() => parseAttached(["out"])).toThrow('--attach "out" is no stream');
});
