import { describe, expect, test } from "@jest/globals";
import type { CommandClass } from "../../../src/cli/registry-entry.js";
import { commands } from "../../../src/commands/registry.js";

const loaded = await Promise.all(
  Object.entries(commands).map(async ([id, entry]) => ({ id, entry, command: (await entry.load()).default })),
);

function surface({ args = {}, flags = {}, strict }: CommandClass): Readonly<Record<string, unknown>> {
  return {
    arguments: Object.entries(args).map(([name, arg]) => {
      const word = `${name}${arg.multiple ? "..." : ""}`;
      return arg.required ? word : `[${word}]`;
    }),
    flags: Object.entries(flags).map(([name, flag]) =>
      [
        ...(flag.char === undefined ? [] : [`-${flag.char}`]),
        ...[name, ...(flag.aliases ?? [])].map((word) => `--${word}`),
        ...(flag.type === "option" ? [flag.multiple ? "VALUE (repeated)" : "VALUE"] : []),
      ].join(" "),
    ),
    ...(strict ? {} : { takesCommandLine: true }),
  };
}

test("the words that users type", () => {
  const all = loaded.map(({ id, entry: { aliases = [], hidden = false }, command }) => [
    id,
    { ...surface(command), ...(aliases.length > 0 ? { aliases } : {}), ...(hidden ? { hidden } : {}) },
  ]);
  expect(Object.fromEntries(all)).toMatchSnapshot();
});

test("no two commands answer to the same words", () => {
  const words = Object.entries(commands).flatMap(([id, { aliases = [] }]) => [id, ...aliases]);
  expect(new Set(words).size).toBe(words.length);
});

describe.each(loaded.map((one) => [one.id, one] as const))("tsd %s", (id, { command, entry }) => {
  test("has a description of one line, which is all that its help page shows of it", () => {
    expect(command.description).toMatch(/^[A-Z].*\.$/);
    expect(entry.summary).toMatch(/^[A-Z][^.]*$/);
  });

  test("has an example for its users", () => {
    if (entry.hidden) return expect(command.examples).toBeUndefined();
    for (const example of command.examples ?? []) expect(example).toContain(`<%= config.bin %> ${id}`);
    expect(command.examples?.length).toBeGreaterThan(1);
  });

  test("reads no argument from standard input", () => {
    for (const arg of Object.values(command.args ?? {})) expect(arg.ignoreStdin).toBe(true);
  });

  test("takes one value a time for repeated flags, and explains each flag", () => {
    for (const flag of Object.values(command.flags ?? {})) {
      if (flag.type === "option" && flag.multiple) expect(flag.multipleNonGreedy).toBe(true);
      expect(flag.description).toMatch(/\.$/);
    }
  });

  test("gives each letter to one flag", () => {
    const letters = Object.values(command.flags ?? {}).flatMap(({ char }) => char ?? []);
    expect(new Set(letters).size).toBe(letters.length);
  });
});
