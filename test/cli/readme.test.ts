import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { makeBusyboxTar } from "../support/lab/busybox.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** What may be run here: the lab has no /etc of its own. */
const harmless = /^(tsd|script\/busybox-image|busybox wget) /;

/** The shell blocks below a heading of README.md, without `sudo` and without what a checkout has behind it already. */
function commandsBelow(heading: string): readonly string[] {
  const section = readFileSync("README.md", "utf8").split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  const commands = blocks
    .join("")
    .split("\n")
    .map((line) => line.replaceAll("sudo ", "").replace("curl ", "busybox wget -q -O - ").replace("exec -it", "exec"))
    .filter((line) => line !== "" && !line.startsWith("script/bootstrap") && !line.startsWith("ln "));
  for (const command of commands) expect(command).toMatch(harmless);
  return commands;
}

test("README's first container runs, serves its published port, and goes without a trace", async () => {
  const { host } = lab();
  const commands = commandsBelow("A published container in five commands");
  expect(commands.length).toBeGreaterThan(7);
  const env = { TSD_ROOT: host.root, TSD_RUN: host.runDirectory, PATH: `${resolve("bin")}:${process.env.PATH}` };
  await host.mustTsd(["image", "rm", "busybox"]);
  await lab().settle();
  const said: string[] = [];
  for (const command of commands) said.push(await host.mustRun(["sh", "-ec", command], { env, input: "exit\n" }));
  expect(said.find((_, at) => commands[at]?.startsWith("busybox wget"))).toBe("hello\n");
  await host.mustTsd(["image", "rm", "busybox"]);
});

test("README's networks of every kind are made as it says", async () => {
  const { host } = lab();
  await makeBusyboxTar(`${host.root}/again.tar`);
  await host.mustTsd(["image", "import", `${host.root}/again.tar`, "busybox"]);
  rmSync(`${host.root}/again.tar`);
  await lab().settle();
  const commands = commandsBelow("Networks of every kind");
  expect(commands.length).toBeGreaterThan(7);
  const env = { TSD_ROOT: host.root, TSD_RUN: host.runDirectory, PATH: `${resolve("bin")}:${process.env.PATH}` };
  for (const command of commands) await host.mustRun(["sh", "-ec", command], { env });
  expect(await host.mustTsd(["port", "www"])).toBe(
    "80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n80/tcp -> 0.0.0.0:8443\n80/tcp -> [::]:8443",
  );
  await host.mustTsd(["rm", "-f", "www", "db"]);
  await host.mustTsd(["network", "prune", "--force"]);
  await removeDefaultNetwork(lab());
});
