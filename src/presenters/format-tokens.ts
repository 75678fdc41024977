import { TsdError } from "../errors/tsd-error.js";

/** A field of the data, or text in quotes. */
type Operand = { readonly path: readonly string[] } | { readonly text: string };

/** One step of a pipe: a function of operands, or a single operand. */
export interface Stage {
  readonly call?: string;
  readonly operands: readonly Operand[];
}

const functions = ["json", "upper", "lower", "join"];
const field = /^\.(?:\w[\w-]*(?:\.\w[\w-]*)*)?$/;

/** Splits a template into text and pipes. Throws `invalid-input` naming the part that cannot be understood. */
export function tokenize(template: string): readonly (string | readonly Stage[])[] {
  const parts: (string | readonly Stage[])[] = [];
  let rest = template;
  for (let open = rest.indexOf("{{"); open !== -1; open = rest.indexOf("{{")) {
    const close = rest.indexOf("}}", open);
    if (close === -1) throw invalid(rest.slice(open), "is not closed by }}");
    parts.push(rest.slice(0, open), parsePipe(rest.slice(open + 2, close).trim()));
    rest = rest.slice(close + 2);
  }
  parts.push(rest);
  return parts.filter((part) => part !== "");
}

function parsePipe(source: string): readonly Stage[] {
  const words = source.match(/"(?:[^"\\]|\\.)*"|\||[^\s|"]+|"/g) ?? [];
  const stages: string[][] = [[]];
  for (const word of words) {
    if (word === "|") stages.push([]);
    else stages.at(-1)?.push(word);
  }
  return stages.map((stage, index) => parseStage(stage, { source, piped: index > 0 }));
}

function parseStage(words: readonly string[], at: { readonly source: string; readonly piped: boolean }): Stage {
  const [first] = words;
  if (first === undefined) throw invalid(`{{${at.source}}}`, "has an empty part");
  if (functions.includes(first)) {
    const operands = words.slice(1).map((word) => parseOperand(word, at.source));
    if (operands.length === 0 && !at.piped) throw invalid(`{{${at.source}}}`, `gives ${first} nothing to work on`);
    return { call: first, operands };
  }
  if (words.length > 1 || at.piped) throw invalid(`{{${at.source}}}`, `has no function "${first}"`);
  return { operands: [parseOperand(first, at.source)] };
}

function parseOperand(word: string, source: string): Operand {
  if (/^".*"$/s.test(word)) return { text: readQuoted(word, source) };
  if (!field.test(word)) throw invalid(`{{${source}}}`, `holds "${word}", which is no field`);
  return { path: word.split(".").filter((name) => name !== "") };
}

/** Newlines and tabs may stand there as such, though JSON forbids it. */
function readQuoted(word: string, source: string): string {
  try {
    return JSON.parse(word.replaceAll("\n", "\\n").replaceAll("\t", "\\t")) as string;
  } catch {
    throw invalid(`{{${source}}}`, `has an escape in ${word} that is not understood`);
  }
}

function invalid(part: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FORMAT_INVALID",
    message: `the format's ${part} ${why}`,
    hint: `Write {{.Field}}, {{json .}}, or a function of fields (${functions.join(", ")}); for more, pipe --json to jq.`,
    details: { part },
  });
}
