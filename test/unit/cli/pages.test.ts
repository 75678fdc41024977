import { expect, test } from "@jest/globals";
import { Args, Command, Flags } from "@oclif/core";
import { commandPage } from "../../../src/cli/command-page.js";
import { overview } from "../../../src/cli/overview.js";
import { commands } from "../../../src/commands/registry.js";
import { registry } from "./registry.js";

test("the overview lists every command that is not hidden, aligned", () => {
  const page = overview(registry);
  expect(page).toContain("Usage: tsd COMMAND [ARGUMENTS]\n");
  expect(page).toContain("\n  network create  Make a network\n  network ls      List networks\n");
  expect(page).not.toContain("release");
});

test("that of a topic lists its commands alone", () => {
  const page = overview(registry, "network");
  expect(page).toContain("Usage: tsd network COMMAND");
  expect(page).toContain("  network create  Make a network\n");
  expect(page).not.toContain("  ps ");
});

test("a topic of docker's lists its commands by the names that they have there", () => {
  const page = overview(commands, "container");
  expect(page).toContain("\n  container ls        List containers\n");
  expect(page).not.toContain("release");
  expect(page).not.toContain("  network");
});

test("a command's page has its summary, usage, arguments, flags, aliases and examples", async () => {
  class Sample extends Command {
    static override args = { name: Args.string({ required: true, description: "name of the network" }) };
    static override flags = { driver: Flags.string({ char: "d", default: "bridge", description: "kind of network" }) };
    static override examples = ["tsd network create --driver bridge web"];
    async run(): Promise<void> {
      await this.parse(Sample);
    }
  }
  const entry = { load: async () => ({ default: Sample }), summary: "Make a network", aliases: ["network make"] };
  const page = await commandPage("network create", entry);
  expect(page.split("\n\n")).toEqual([
    "Make a network",
    "USAGE\n  $ tsd network create NAME [-d <value>]",
    "ARGUMENTS\n  NAME  name of the network",
    "FLAGS\n  -d, --driver=<value>  [default: bridge] kind of network",
    "ALIASES\n  $ tsd network make",
    "EXAMPLES\n  $ tsd network create --driver bridge web\n",
  ]);
});
