import { Writable } from "node:stream";
import type { Streams } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

const names = ["stdin", "stdout", "stderr"] as const;
type Name = (typeof names)[number];

/** The streams that `--attach` names, all where it names none. Throws `invalid-input` for another word. */
export function parseAttached(words: readonly string[] | undefined): ReadonlySet<Name> {
  if (words === undefined) return new Set(names);
  return new Set(words.map((word) => names.find((name) => name === word.toLowerCase()) ?? refuse(word)));
}

/** The caller's streams as far as they are wanted; what comes to the others is lost. Each is made when it is first asked for. */
export function attachedStreams(streams: () => Required<Streams>, wanted: ReadonlySet<Name>): Streams {
  if (wanted.size === names.length) return streams();
  const output = (name: "stdout" | "stderr"): Writable => (wanted.has(name) ? streams()[name] : nowhere());
  return {
    ...(wanted.has("stdin") ? { stdin: streams().stdin } : {}),
    stdout: output("stdout"),
    stderr: output("stderr"),
  };
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

function refuse(word: string): never {
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_STREAM_UNKNOWN",
    message: `--attach "${word}" is no stream`,
    hint: `Write one of ${names.join(", ")}; may be repeated.`,
    details: { stream: word },
  });
}
