import { expect, test } from "@jest/globals";
import { otherCommand } from "../../../src/cli/other-commands.js";
import { otherFlag } from "../../../src/cli/other-flags.js";
import { resolveCommand } from "../../../src/cli/resolve-command.js";
import { commands } from "../../../src/commands/registry.js";

/** Commands of docker's, podman's and Incus' references, but for those that are tsd's too. */
const theirs = `bake build commit debug export kube load login logout mount push search version compose|up buildx|build
  context|ls manifest|inspect plugin|install plugin|enable plugin|set swarm|init stack|deploy service|ls secret|create
  node|ls config|show trust|sign checkpoint|create container|commit container|exists container|export
  container|cleanup container|clone container|checkpoint image|build image|push image|exists image|mount
  network|delete network|exists network|update network|show network|info network|edit network|rename network|attach
  network|detach system|reset system|migrate system|connection system|service
  pod|create play|kube generate|systemd machine|start healthcheck|run unshare umount untag auto-update init
  launch list delete shell publish file|push storage|list profile|list project|list snapshot|create
  remote|list rebuild resume console monitor query admin|init warning|list operation|list cluster|list`
  .split(/\s+/)
  .map((words) => words.split("|"));

const ours = Object.entries(commands).flatMap(([id, { aliases = [] }]) => [id, ...aliases]);
const outcome = (words: readonly string[]): unknown => {
  try {
    return resolveCommand(words, commands);
  } catch (error) {
    return error;
  }
};

test.each(theirs.map((words) => [words.join(" "), words] as const))(
  "%s is known, by what tsd has instead",
  (_text, words) => {
    const found = outcome(words);
    if ((found as { kind: string }).kind === "run") return;
    expect(found).toMatchObject({ code: "TSD_CLI_UNKNOWN_COMMAND", hint: otherCommand(words) });
    expect(otherCommand(words)).toMatch(/^(Use|tsd) .*\.$/);
  },
);

test("every command that a hint names is one of tsd's, and no word of tsd's own is another's", () => {
  const hints = theirs.map((words) => otherCommand(words) ?? "");
  const named = hints.flatMap((hint) => [...hint.matchAll(/tsd ((?:[a-z]+ )?[a-z]+)/g)].map(([, words = ""]) => words));
  const quoted = hints.flatMap((hint) =>
    [...hint.matchAll(/`[^`]*?tsd ([a-z]+(?: [a-z]+)?)/g)].map(([, words = ""]) => words),
  );
  expect(named.length).toBeGreaterThan(50);
  for (const words of quoted) expect(ours.some((id) => words === id || words.split(" ")[0] === id)).toBe(true);
});

test.each([
  ["--restart", "tsd run"],
  ["--restart=always", "tsd run"],
  ["--userns", "maps no users"],
  ["--gpus", "--device"],
  ["--context", "ssh"],
  ["--no-hosts", "--add-host"],
  ["--alias", "--network-alias"],
  ["--interface-name=br0", "--opt name="],
])("%s is known: %s", (flag, words) => expect(otherFlag(flag)).toContain(words));

test.each(["--toString", "--constructor", "--sise", "--"])("%s is a flag of no program", (flag) => {
  expect(otherFlag(flag)).toBeUndefined();
});

test("a slip in a command of tsd's own about plug-ins is told of that one", () => {
  expect(outcome(["plugin", "serv"])).toMatchObject({ hint: "Did you mean `tsd plugin serve`?" });
});

test.each([
  [["-H", "unix:///x", "ps"], "ssh"],
  [["--context", "x", "ps"], "ssh"],
  [["--log-level=error", "ps"], "--debug"],
  [["--verbose", "ps"], "tsd --help"],
])("%j, a flag before the command, is known", (words, hint) => {
  expect(outcome(words)).toMatchObject({ code: "TSD_CLI_UNKNOWN_FLAG", hint: expect.stringContaining(hint) });
});
