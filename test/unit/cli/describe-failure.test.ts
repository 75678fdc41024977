import { describe, expect, test } from "@jest/globals";
import { Args, Command, Flags } from "@oclif/core";
import { CliConfig } from "../../../src/cli/cli-config.js";
import { describeFailure } from "../../../src/cli/describe-failure.js";
import { TsdError } from "../../../src/errors/tsd-error.js";

const busy = new TsdError({
  kind: "conflict",
  code: "TSD_PORT_BUSY",
  message: "port 80/tcp is in use by container web",
  hint: "Publish another port.",
  details: { port: 80 },
});
const ps = { id: "ps", args: [], json: false, debug: false };

describe("an error of tsd", () => {
  test("is a sentence and a hint", () => {
    expect(describeFailure(busy, ps)).toEqual({
      text: "tsd: port 80/tcp is in use by container web\nhint: Publish another port.\n",
      exitCode: 1,
    });
  });

  test("quotes values that neither break the line nor speak to the terminal", () => {
    const loud = new TsdError({ kind: "invalid-input", code: "TSD_X", message: '"a\nb\u001b[2J\u009bc" is none' });
    expect(describeFailure(loud, ps).text).toBe('tsd: "a\\x0ab\\x1b[2J\\x9bc" is none\n');
  });

  test("is an object with --json", () => {
    const { text } = describeFailure(busy, { ...ps, json: true });
    expect(text.endsWith("}\n")).toBe(true);
    expect(JSON.parse(text)).toEqual({
      error: {
        kind: "conflict",
        code: "TSD_PORT_BUSY",
        message: "port 80/tcp is in use by container web",
        hint: "Publish another port.",
        details: { port: 80 },
      },
    });
  });
});

test.each([
  ["ps", "", 1],
  ["run", "busybox", 125],
  ["exec", "web ls", 125],
  ["start", "web", 1],
  ["start", "-a web", 125],
  ["start", "--attach web", 125],
])("%s %s exits with %d", (id, line, exitCode) => {
  expect(describeFailure(busy, { ...ps, id, args: line.split(" ") })).toMatchObject({ exitCode });
});

test.each([
  ["run", "TSD_RUNTIME_COMMAND_NOT_FOUND", 127],
  ["run", "TSD_RUNTIME_COMMAND_NOT_EXECUTABLE", 126],
  ["stop", "TSD_RUNTIME_COMMAND_NOT_FOUND", 1],
])("%s exits, after %s, with %d", (id, code, exitCode) => {
  const error = new TsdError({ kind: "not-found", code, message: "no such command" });
  expect(describeFailure(error, { ...ps, id })).toMatchObject({ exitCode });
});

test("a bug is named one, and shows where with --debug", () => {
  const bug = new TypeError("x is undefined");
  expect(describeFailure(bug, ps)).toEqual({
    text: "tsd: internal error: x is undefined\nhint: This is a bug in tsd; --debug shows where.\n",
    exitCode: 1,
  });
  expect(describeFailure(bug, { ...ps, debug: true }).text).toMatch(
    /^tsd: internal error: x is undefined\nTypeError: /,
  );
  expect(describeFailure("text", ps).text).toMatch(/^tsd: internal error: text\n/);
});

describe("what oclif finds wrong is one sentence", () => {
  class Sample extends Command {
    static override args = { name: Args.string({ required: true }), kind: Args.string({ options: ["a", "b"] }) };
    static override flags = {
      size: Flags.integer({ char: "s", aliases: ["extent"] }),
      tag: Flags.string({ required: true }),
      all: Flags.boolean({ exclusive: ["size"] }),
    };
    async run(): Promise<void> {
      await this.parse(Sample);
      this.exit(7);
    }
  }

  test.each([
    ["--tag x", "missing argument: NAME"],
    ["--tag x n c", "expected c to be one of: a, b"],
    ["--tag x n a more", "unexpected argument: more"],
    ["--tag x n a --novelty", "nonexistent flag: --novelty"],
    ["--tag x n --size big", "--size: expected an integer but received: big"],
    ["--tag x n -s", "flag --size expects a value"],
    ["n", "missing required flag tag"],
    ["n --tag x --all -s 1", "--size=1 cannot also be provided when using --all"],
  ])("%s", async (line, message) => {
    const error: unknown = await new Sample(line.split(" "), new CliConfig()).run().catch((thrown) => thrown);
    const { text, exitCode } = describeFailure(error, { ...ps, id: "network create" });
    expect({ text, exitCode }).toEqual({
      text: `tsd: ${message}\nhint: Run \`tsd network create --help\`.\n`,
      exitCode: 2,
    });
  });

  test.each([
    ["--sise", "--size"],
    ["--extnet", "--extent"],
  ])("and %s was meant to be %s", async (typed, meant) => {
    const error: unknown = await new Sample(["n", "--tag", "x", typed], new CliConfig())
      .run()
      .catch((thrown) => thrown);
    expect(describeFailure(error, { ...ps, id: "network create" }).text).toBe(
      `tsd: nonexistent flag: ${typed}\nhint: Did you mean \`${meant}\`?\n`,
    );
  });

  test("and an exit that a command asks for is silent", async () => {
    const error: unknown = await new Sample(["n", "--tag", "x"], new CliConfig()).run().catch((thrown) => thrown);
    expect(describeFailure(error, ps)).toEqual({ text: "", exitCode: 7 });
  });
});
