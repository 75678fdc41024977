import { describe, expect, test } from "@jest/globals";
import { resolveCommand } from "../../../src/cli/resolve-command.js";
import { registry } from "./registry.js";

const resolve = (line: string): unknown => resolveCommand(line === "" ? [] : line.split(" "), registry);

test.each([
  ["ps", "ps", []],
  ["ps -a --json", "ps", ["-a", "--json"]],
  ["network ls -q", "network ls", ["-q"]],
  ["network list -q", "network ls", ["-q"]],
  ["network create --help", "network create", ["--help"]],
  ["run -it busybox network ls", "run", ["-it", "busybox", "network", "ls"]],
  ["container release x", "container release", ["x"]],
  ["port web 80", "port", ["web", "80"]],
  ["port add web 80", "port add", ["web", "80"]],
  ["port -- add", "port", ["--", "add"]],
  ["container port web", "port", ["web"]],
  ["container port add web 80", "port add", ["web", "80"]],
])("%s runs %s", (line, id, args) => expect(resolve(line)).toEqual({ kind: "run", id, args }));

test.each([
  ["", ""],
  ["--help", ""],
  ["-h", ""],
  ["help", ""],
  ["help --all", ""],
  ["help ps", "ps"],
  ["help network list", "network ls"],
  ["help network", "network"],
  ["network", "network"],
  ["network --help", "network"],
  ["network -h", "network"],
])("%s explains %s", (line, subject) => expect(resolve(line)).toEqual({ kind: "help", subject }));

test.each(["--version", "-v"])("%s is the version", (line) => expect(resolve(line)).toEqual({ kind: "version" }));

describe("what is not there is refused with the nearest", () => {
  test.each([
    ["pss", "unknown command: tsd pss", "Did you mean `tsd ps`?"],
    ["network lst", "unknown command: tsd network lst", "Did you mean `tsd network ls`?"],
    ["netwrk ls", "unknown command: tsd netwrk", "Did you mean `tsd network ls`?"],
    ["help network creat", "unknown command: tsd network creat", "Did you mean `tsd network create`?"],
    ["teleport", "unknown command: tsd teleport", "Run `tsd --help`."],
    ["constructor", "unknown command: tsd constructor", "Run `tsd --help`."],
    ["container relase", "unknown command: tsd container relase", "Run `tsd --help`."],
    ["--json ps", "unknown flag --json: flags follow the command they belong to", "Run `tsd --help`."],
  ])("%s", (line, message, hint) => {
    expect(() => resolve(line)).toThrow(expect.objectContaining({ kind: "invalid-input", message, hint }));
  });
});
