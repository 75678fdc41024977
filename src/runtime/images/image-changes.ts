import { TsdError } from "../../errors/tsd-error.js";

/** The `config` of an image configuration, as it is written (image-spec config.md). */
export type WrittenConfig = Readonly<Record<string, unknown>>;

type Draft = Record<string, unknown>;
type Apply = (draft: Draft, text: string) => void;

/** docker's list of instructions that `--change` accepts, of those that tsd obeys. */
const instructions: Readonly<Record<string, Apply>> = {
  CMD: (draft, text) => {
    draft.Cmd = command(text);
  },
  ENTRYPOINT: (draft, text) => {
    draft.Entrypoint = command(text);
  },
  ENV: (draft, text) => {
    const pairs = readPairs(text);
    const names = new Set(pairs.map(([name]) => name));
    const kept = listOf(draft.Env).filter((variable) => !names.has(variable.split("=", 1)[0] ?? ""));
    draft.Env = [...kept, ...pairs.map(([name, value]) => `${name}=${value}`)];
  },
  EXPOSE: (draft, text) => {
    for (const port of text.split(/\s+/)) add(draft, "ExposedPorts", port.includes("/") ? port : `${port}/tcp`, {});
  },
  LABEL: (draft, text) => {
    for (const [name, value] of readPairs(text)) add(draft, "Labels", name, value);
  },
  STOPSIGNAL: (draft, text) => {
    draft.StopSignal = text;
  },
  USER: (draft, text) => {
    draft.User = text;
  },
  VOLUME: (draft, text) => {
    for (const path of readWords(text) ?? text.split(/\s+/)) add(draft, "Volumes", path, {});
  },
  WORKDIR: (draft, text) => {
    draft.WorkingDir = text;
  },
};

/** The configuration that instructions of a Dockerfile make (`docker import --change`). Throws `invalid-input`. */
export function applyChanges(changes: readonly string[]): WrittenConfig {
  const draft: Draft = {};
  for (const change of changes) {
    const [, word = "", text = ""] = /^\s*(\w+)\s+(.*?)\s*$/s.exec(change) ?? [];
    const apply = Object.hasOwn(instructions, word.toUpperCase()) ? instructions[word.toUpperCase()] : undefined;
    if (apply === undefined || text === "") throw invalid(change);
    apply(draft, text);
  }
  return draft;
}

/** A JSON list of words, or a line for the shell. */
function command(text: string): readonly string[] {
  return readWords(text) ?? ["/bin/sh", "-c", text];
}

/** Undefined for what is no JSON list of strings. */
function readWords(text: string): readonly string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

const PAIR = /([^\s=]+)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*)/g;

/** `A=b "C"="d e"`, or in the old form `A b c`. */
function readPairs(text: string): readonly (readonly [string, string])[] {
  const pairs = [...text.matchAll(PAIR)].map(([, name = "", value = ""]) => [unquote(name), unquote(value)] as const);
  if (pairs.length > 0 && !/^[^\s=]+\s/.test(text)) return pairs;
  const [, name = "", value = ""] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
  if (name === "") throw invalid(text);
  return [[name, value]];
}

function unquote(text: string): string {
  return text.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, one?: string) =>
    double === undefined ? (single ?? one ?? "") : double.replace(/\\(.)/g, "$1"),
  );
}

function listOf(value: unknown): readonly string[] {
  return (value as readonly string[] | undefined) ?? [];
}

function add(draft: Draft, key: string, name: string, value: unknown): void {
  draft[key] = { ...(draft[key] as object | undefined), [name]: value };
}

function invalid(change: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_CHANGE_INVALID",
    message: `--change "${change}" is not an instruction that an image can take`,
    hint: `Use one of ${Object.keys(instructions).join(", ")}, such as --change 'CMD ["sh"]'.`,
    details: { change },
  });
}
