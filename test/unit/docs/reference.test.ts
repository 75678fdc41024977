import { test } from "@jest/globals";
import { type FlagOutline, type Outline, outlineOf } from "../../../script/packaging/manual/outline.ts";
import { commands } from "../../../src/commands/registry.js";
import { expectFile } from "../nat/golden-cases.js";

test("docs/reference.md prints what --help says of every command", async () => {
  const listed = Object.entries(commands).filter(([, { hidden }]) => !hidden);
  const outlines = await Promise.all(
    listed.map(async ([id, entry]) => outlineOf(id, entry, (await entry.load()).default)),
  );
  expectFile("docs/reference.md", page(outlines));
});

function page(outlines: readonly Outline[]): string {
  return `# Every command

What \`tsd COMMAND --help\` prints, made from the commands. Every command that changes something takes \`--dry-run\`, and every
one takes \`--debug\`.

${outlines.map(({ id, summary }) => `- [tsd ${id}](#tsd-${id.replaceAll(" ", "-")}): ${summary}`).join("\n")}

${outlines.map(section).join("\n")}`;
}

function section({ id, synopsis, description, args, flags, aliases, examples }: Outline): string {
  return [
    `## tsd ${id}\n`,
    code(synopsis),
    ...(description === undefined ? [] : [`${description}\n`]),
    ...args.map(({ name, words }) => `- \`${name}\`: ${words}`),
    ...flags.map((flag) => `- \`${flagTag(flag)}\`: ${flag.words}`),
    ...(args.length + flags.length === 0 ? [] : [""]),
    ...(aliases.length === 0 ? [] : [`Also: ${aliases.map((alias) => `\`${alias}\``).join(", ")}.\n`]),
    ...(examples.length === 0 ? [] : [code(examples)]),
  ].join("\n");
}

function flagTag({ names, value }: FlagOutline): string {
  return value === undefined ? names.join(", ") : `${names.join(", ")} ${value}`;
}

function code(lines: readonly string[]): string {
  return `\`\`\`console\n${lines.join("\n")}\n\`\`\`\n`;
}
