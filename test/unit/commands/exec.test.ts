import { describe, expect, test } from "@jest/globals";
import type { CommandResult, ExecSpec } from "../../../src/api/index.js";
import { runCommand } from "./run-command.js";

const ended = (exitCode: number): CommandResult => ({ exitCode, stdout: "", stderr: "" });
const split = (line: string): readonly string[] => line.split(" ").filter((word) => word !== "");

describe("exec asks for", () => {
  test.each<[string, Partial<ExecSpec>]>([
    ["www ls", { command: ["ls"] }],
    ["www ls -l --json --help", { command: ["ls", "-l", "--json", "--help"] }],
    ["www sh -c sh", { command: ["sh", "-c", "sh"] }],
    ["-it www sh -i", { tty: true, interactive: true, command: ["sh", "-i"] }],
    [
      "-e A=1 -e HOME -w /tmp -u root www env",
      { env: ["A=1", "HOME=/root"], workdir: "/tmp", user: "root", command: ["env"] },
    ],
    ["-- www ls", { command: ["ls"] }],
  ])("tsd exec %s", async (line, spec) => {
    let asked: readonly [string, ExecSpec] | undefined;
    const exec = async (ref: string, given: ExecSpec): Promise<CommandResult> => {
      asked = [ref, given];
      return ended(0);
    };
    const surroundings = { isTerminal: () => true, env: { HOME: "/root" } };
    await runCommand("exec", split(line), { tsd: { containers: { exec } }, surroundings });
    expect(asked).toEqual(["www", { tty: false, interactive: false, env: [], ...spec }]);
  });
});

test("exec exits with the command's code", async () => {
  const containers = { exec: async () => ended(7) };
  expect(await runCommand("exec", ["www", "false"], { tsd: { containers } })).toMatchObject({ exitCode: 7 });
});

test.each([
  ["www", "TSD_COMMAND_MISSING"],
  ["-it www sh", "TSD_NOT_A_TERMINAL"],
])("exec %s is refused", async (line, code) => {
  expect((await runCommand("exec", split(line))).error).toMatchObject({ code });
});
