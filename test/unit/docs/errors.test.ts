import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { type ErrorCode, errorCodesOf, markedWords, readSource } from "../../support/house/error-codes.js";
import { projectFiles } from "../../support/house/project-files.js";
import { expectFile } from "../nat/golden-cases.js";

const sources = projectFiles("src")
  .filter(({ path }) => path.endsWith(".ts"))
  .map(readSource);
const errors = errorCodesOf(sources);

/** The words for messages that no line of the sources holds. */
const meanings: Readonly<Record<string, string>> = {
  TSD_CLI_USAGE: "a flag or an argument is missing, too many, or not known to the command",
  TSD_INTERNAL: "a bug in tsd; only `--json` has this code, and the library throws what it is",
  TSD_NAT_NONE_USABLE: "neither nftables nor iptables works here; why, for each",
  TSD_CLUSTER_NO_ADDRESS:
    "this host has no address of its own by which others are to reach it, and which was asked for",
  TSD_CLUSTER_RECORD_UNREADABLE: "a record of the cluster is not what tsd writes, and what is wrong with it",
  TSD_CLUSTER_REQUEST: "what was asked of a cluster contradicts itself, or is no URL of etcd's",
  TSD_CNI_REFUSED: "a plug-in of CNI ran to its end and failed, and what it said",
  TSD_DOCKER_REQUEST: "a request of docker's is no JSON, or a field of it is not what the protocol says",
  TSD_ENGINE_HTTP: "what a client of docker's API sent is no request of it; `details.status` has the status of HTTP",
  TSD_ENGINE_REQUEST: "the body of a request is no JSON, or a field of it is not what docker's API says",
  TSD_PLUGIN_SHAPE: "what a plug-in exports is no extension, and what is wrong with it",
  TSD_SEVERAL_FAILED: "several things failed: each message, with `; ` between; `details.failures` has each",
};

test("docs/errors.md prints every error code with its kind and its messages", () => {
  expectFile("docs/errors.md", page());
});

test("every word of tsd's in the sources is an error code of docs/errors.md, or a variable of README.md", () => {
  const variables = [...readFileSync("README.md", "utf8").matchAll(/^\| `(TSD_\w+)` \|/gm)].map(([, name]) => name);
  const known = new Set([...errors.map(({ code }) => code), ...variables]);
  expect(markedWords(sources).filter((word) => !known.has(word))).toEqual([]);
});

test("words stand in for a message only where the sources have none", () => {
  const wordless = errors.filter(({ messages }) => messages.length === 0).map(({ code }) => code);
  expect(Object.keys(meanings).sort()).toEqual(wordless);
});

test.each([
  ["a code in full", `new TsdError({ kind: "store", code: "TSD_A", message: \`no \${row.name}\` })`, "store no <name>"],
  ["one of two", `f({ kind: a ? "kernel" : "store", code: a ? "TSD_B" : "TSD_A", message: "m" })`, "store m"],
  [
    "a maker's",
    `function lost(code) { return f({ kind: "store", code }); } lost("TSD_A", { message: "m" })`,
    "store m",
  ],
  [
    "one that is looked up",
    `f({ n: { word: "x", codes: { no: "TSD_A" } }, e: { kind: "store", code: codes.no, message: \`\${word}?\` } })`,
    "store x?",
  ],
])("%s is found", (_, text, expected) => {
  const found = errorCodesOf([readSource({ path: "a.ts", text })]).find(({ code }) => code === "TSD_A");
  expect([...(found?.kinds ?? []), ...(found?.messages ?? [])].join(" ")).toBe(expected);
});

test("a code that is computed is refused", () => {
  const text = `f({ kind: "store", code: \`TSD_\${what}_LOST\`, message: "m" })`;
  expect(() => errorCodesOf([readSource({ path: "src/a.ts", text })])).toThrow("src/a.ts computes an error code");
});

function page(): string {
  return `# Every error

Errors of tsd are \`TsdError\`s, of the library as of the command line with \`--json\`. A program decides by the \`kind\`, or by
the \`code\`, which never changes its meaning; people read the \`message\`, and in the \`hint\` what to do next. The values are in
\`details\`. Here \`<name>\` stands for a value, and … for words that depend on it.

| kind | what went wrong |
|---|---|
${kinds()}

tsd exits with 2 after \`invalid-input\` and with 1 after any other. \`run\`, \`exec\` and \`start --attach\` exit with 125, with 126
after \`TSD_RUNTIME_COMMAND_NOT_EXECUTABLE\` and 127 after \`TSD_RUNTIME_COMMAND_NOT_FOUND\`, since other numbers are the command's.

| code | kind | message |
|---|---|---|
${errors.map(row).join("\n")}
`;
}

/** As `ErrorKind` says it. */
function kinds(): string {
  const listed = readFileSync("src/errors/tsd-error.ts", "utf8").matchAll(/^ \* - (`[\w-]+`): (.*)[;.]$/gm);
  return [...listed].map(([, kind, meaning]) => `| ${kind} | ${meaning} |`).join("\n");
}

function row({ code, kinds, messages }: ErrorCode): string {
  const said = messages
    .map((message) => `\`${message}\``)
    .join("<br>")
    .replaceAll("|", "\\|");
  return `| \`${code}\` | ${kinds.join(", ") || "that of the first"} | ${said || meanings[code]} |`;
}
