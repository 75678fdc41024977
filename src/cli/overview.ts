import type { Registry } from "./registry-entry.js";

/** The page of `tsd --help`, or with a topic that of `tsd network --help`: every command with its line, by its name there. Loads nothing. */
export function overview(registry: Registry, topic = ""): string {
  const listed = Object.entries(registry).flatMap(([id, { hidden, aliases = [], summary }]) => {
    const name = hidden ? undefined : [id, ...aliases].find((one) => belongsTo(one, topic));
    return name === undefined ? [] : [{ name, summary }];
  });
  const width = Math.max(...listed.map(({ name }) => name.length));
  const lines = listed.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  const usage = topic === "" ? "COMMAND" : `${topic} COMMAND`;
  return [
    `Usage: tsd ${usage} [ARGUMENTS]`,
    "",
    "Networks for containers.",
    "",
    "Commands:",
    ...lines,
    "",
    "`tsd COMMAND --help` explains one, with examples; `--debug` prints each step it takes, and how long it took;",
    "`tsd --version` prints the version.",
    "",
  ].join("\n");
}

function belongsTo(id: string, topic: string): boolean {
  return topic === "" || id.startsWith(`${topic} `);
}
