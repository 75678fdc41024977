import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { commands } from "../../../src/commands/registry.js";
import { runCommand } from "./run-command.js";

const run = promisify(execFile);

describe("in bash", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsd-completion-"));
    await writeFile(join(folder, "tsd.bash"), (await runCommand("completion", ["bash"])).stdout);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** What bash offers for the last of `words`; a `tsd` of the test's own repeats the command that lists names. */
  async function offered(words: readonly string[]): Promise<readonly string[]> {
    const script = `source "$1/tsd.bash"; shift; tsd() { echo "\${1}_\${2#-}"; }
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tsd; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run("bash", ["--norc", "-c", script, "bash", folder, ...words], { timeout: 10_000 });
    return stdout.split("\n").filter(Boolean);
  }

  test.each([
    [["tsd", "net"], ["network"]],
    [["tsd", "network", "in"], ["inspect"]],
    [["tsd", "network", "create", "--sub"], ["--subnet"]],
    [
      ["tsd", "run", "--cpu"],
      ["--cpus", "--cpu-shares", "--cpu-quota", "--cpu-period", "--cpuset-cpus", "--cpuset-mems"],
    ],
    [["tsd", "rm", ""], ["ps_-all"]],
    [["tsd", "network", "rm", ""], ["network_ls"]],
    [["tsd", "run", "--network", ""], ["network_ls"]],
    [["tsd", "run", "-d", ""], ["image_ls"]],
    [["tsd", "ps", "--he"], ["--help"]],
    [["tsd", "port", "a"], ["add"]],
    [
      ["tsd", "port", ""],
      ["add", "rm", "remove", "ps_-all"],
    ],
    [["tsd", "port", "add", ""], ["ps_-all"]],
    [["tsd", "port", "www", "--js"], ["--json"]],
    [["tsd", "run", "--link", ""], ["ps_-all"]],
    [["tsd", "create", ""], ["image_ls"]],
    [["tsd", "network", "create", "--att"], []],
    [["tsd", "nothing", ""], []],
    [["tsd", "run", "--net", ""], ["network_ls"]],
    [["tsd", "run", "--net", "=", "net"], ["network_ls"]],
    [["tsd", "run", "--net", "="], ["network_ls"]],
    [
      ["tsd", "run", "--ne"],
      ["--network", "--net", "--network-alias", "--net-alias"],
    ],
    [["tsd", "run", "--net", "net", "-p", "80:80", ""], ["image_ls"]],
    [["tsd", "run", "-d", "busybox", ""], []],
    [
      ["tsd", "explain", ""],
      ["ps_-all", "network_ls", "host", "outside"],
    ],
    [["tsd", "explain", "web", "o"], ["outside"]],
    [["tsd", "network", "connect", ""], ["network_ls"]],
    [["tsd", "network", "connect", "net", ""], ["ps_-all"]],
    [["tsd", "network", "connect", "--ip", "10.0.0.2", "net", ""], ["ps_-all"]],
    [["tsd", "network", "connect", "--ip", "=", "10.0.0.2", "net", ""], ["ps_-all"]],
    [["tsd", "nat", "use", "i"], ["iptables"]],
    [["tsd", "completion", "z"], ["zsh"]],
    [
      ["tsd", "ps", "--filter", "n"],
      ["name=", "network="],
    ],
    [
      ["tsd", "ps", "-f", ""],
      [
        ...["label=", "label!=", "ancestor=", "before=", "exited=", "expose=", "health=", "id=", "is-task="],
        ...["name=", "network=", "publish=", "since=", "status=", "volume="],
      ],
    ],
    [
      ["tsd", "network", "ls", "-f", "d"],
      ["dangling=", "driver="],
    ],
    [["tsd", "logs", "-f", ""], ["ps_-all"]],
    [["tsd", "exec", "web", ""], []],
    [["tsd", "stop", "a", "b", ""], ["ps_-all"]],
    [
      ["tsd", "inspect", ""],
      ["ps_-all", "network_ls", "image_ls", "volume_ls"],
    ],
    [
      ["tsd", "imag"],
      ["image", "images"],
    ],
    [["tsd", "rmi", ""], ["image_ls"]],
    [["tsd", "container", "prun"], []],
    [["tsd", "container", "sto"], ["stop"]],
    [["tsd", "container", "stop", ""], ["ps_-all"]],
  ])("%j", async (words, expected) => {
    expect(await offered(words)).toEqual(expected);
  });

  test("every listed command is offered, and the hidden one is not", async () => {
    const words = [...(await offered(["tsd", ""])), ...(await offered(["tsd", "network", ""]))];
    expect(words).toEqual(expect.arrayContaining(["run", "completion", "image", "create", "ls"]));
    expect(await offered(["tsd", "container", ""])).not.toContain("release");
  });

  test("a directory can be gone on with", async () => {
    const script = `exec 3>&1; compopt() { echo "option $2" >&3; }; source "$1/tsd.bash"; COMP_WORDS=(tsd image import "$2"); COMP_CWORD=3; _tsd`;
    const { stdout } = await run("bash", ["--norc", "-c", script, "bash", folder, folder.slice(0, -2)]);
    expect(stdout).toBe("option filenames\n");
  });

  test("files are offered for an archive", async () => {
    expect(await offered(["tsd", "image", "load", "--input", `${folder}/`])).toEqual([`${folder}/tsd.bash`]);
  });
});

test("zsh gets the same functions through bashcompinit", async () => {
  const { stdout } = await runCommand("completion", ["zsh"]);
  // By its first line zsh loads it from a directory of completions.
  expect(stdout).toMatch(/^#compdef tsd\n/);
  expect(stdout).toContain("bashcompinit\n");
  expect(stdout).toContain("complete -F _tsd tsd\n");
});

test("fish gets a line for each flag of each command, quotes kept together", async () => {
  const { stdout } = await runCommand("completion", ["fish"]);
  expect(stdout).toContain(
    "complete -c tsd -n '__tsd_at network create' -l gateway -r -d 'Address of the host in a subnet; may be repeated.'\n",
  );
  expect(stdout).toContain("-a '(begin; tsd network ls --format \\'{{.Name}}\\'; end 2>/dev/null)'");
  for (const line of stdout.split("\n")) {
    expect(line.replaceAll(/\\./g, "").split("'").length % 2).toBe(1);
  }
  const listed = Object.entries(commands).filter(([, { hidden }]) => !hidden);
  for (const [id] of listed)
    expect(stdout).toMatch(new RegExp(`-a ${id.split(" ").at(-1)} -d|-a ${id.split(" ")[0]} -d`));
});
