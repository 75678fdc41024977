import { Args, type Interfaces } from "@oclif/core";
import type { CommandClass, Registry, RegistryEntry } from "../cli/registry-entry.js";
import { bashCompletion } from "../presenters/bash-completion.js";
import type { CompletionCommand, CompletionFlag, CompletionKind } from "../presenters/completion-model.js";
import { fishCompletion } from "../presenters/fish-completion.js";
import { TsdCommand } from "./tsd-command.js";

const shells: Readonly<Record<string, (all: readonly CompletionCommand[]) => string>> = {
  bash: (all) => bashCompletion(all),
  zsh: (all) => bashCompletion(all, "zsh"),
  fish: fishCompletion,
};

/** What a flag or an argument of this name stands for. */
const kinds: Readonly<Record<string, CompletionKind>> = {
  container: "container",
  network: "network",
  image: "image",
  driver: "driver",
  plugin: "plugin",
  volume: "volume",
  "volumes-from": "container",
  cidfile: "file",
  "label-file": "file",
  output: "file",
  restart: ["no", "on-failure", "always", "unless-stopped"],
  pull: ["missing", "never", "always"],
  "log-driver": ["json-file", "local", "none"],
  signal: ["HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "TERM", "CONT", "STOP", "WINCH"],
  "stop-signal": ["HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "TERM", "WINCH"],
  "security-opt": ["no-new-privileges", "seccomp=unconfined", "seccomp="],
  "ipam-driver": ["default"],
  source: "file",
  file: "file",
  input: "file",
  "env-file": "file",
  rootfs: "file",
  link: "container",
  backend: ["nftables", "iptables", "none"],
  nat: ["auto", "nftables", "iptables", "none"],
  from: "party",
  to: "party",
};

/** Commands whose arguments' names do not say it. */
const argumentKinds: Readonly<Record<string, readonly (CompletionKind | undefined)[]>> = {
  create: ["image", undefined],
  run: ["image", undefined],
  inspect: ["thing"],
  "network rm": ["customNetwork"],
  "volume create": [undefined],
  "image pull": [undefined],
};

/** The command for a registry, which it cannot import: the registry imports it. */
export function completionOf(registry: Registry): CommandClass {
  return class Completion extends TsdCommand {
    static override description = "Prints a script that lets a shell complete commands, flags and names.";
    static override examples = [
      "source <(<%= config.bin %> completion bash)",
      "<%= config.bin %> completion fish > ~/.config/fish/completions/tsd.fish",
    ];
    static override args = {
      shell: Args.string({
        description: "The shell.",
        required: true,
        ignoreStdin: true,
        options: Object.keys(shells),
      }),
    };

    override async run(): Promise<string> {
      const { args } = await this.parse(Completion);
      const listed = Object.entries(registry).filter(([, { hidden }]) => !hidden);
      const described = (await Promise.all(listed.map(([id, entry]) => describe(id, entry)))).flat();
      const script = shells[args.shell]?.(described) ?? "";
      return this.show(script, script);
    }
  };
}

/** The command, and the same under its other words of one or two. */
async function describe(id: string, entry: RegistryEntry): Promise<readonly CompletionCommand[]> {
  const { default: command } = await entry.load();
  const described: CompletionCommand = {
    id,
    summary: entry.summary,
    flags: Object.entries(command.flags ?? {}).flatMap(([name, flag]) =>
      flag.hidden ? [] : [describeFlag(name, flag, command.filterKeys)],
    ),
    kinds: argumentKinds[id] ?? Object.entries(command.args).map(([name, { options }]) => options ?? kinds[name]),
  };
  const aliases = (entry.aliases ?? []).filter((words) => words.split(" ").length < 3);
  return [described, ...aliases.map((alias) => ({ ...described, id: alias }))];
}

function describeFlag(
  name: string,
  flag: Interfaces.Flag<unknown>,
  filterKeys: readonly string[] = [],
): CompletionFlag {
  const takesValue = flag.type === "option";
  const options = takesValue ? flag.options : undefined;
  const words = name === "filter" ? filterKeys.map((key) => `${key}=`) : options;
  const kind = words ?? kinds[name];
  return {
    name,
    aliases: flag.aliases ?? [],
    ...(flag.char === undefined ? {} : { char: flag.char }),
    summary: flag.description ?? "",
    takesValue,
    ...(kind === undefined || !takesValue ? {} : { kind }),
  };
}
