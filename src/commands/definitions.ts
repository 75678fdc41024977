import { Args, Flags, type Interfaces } from "@oclif/core";
import { optionalSwitch } from "./optional-switch.js";
import { jsonFlag } from "./tsd-command.js";

/**
 * Arguments and flags that several commands have. Each argument ignores standard input, from which oclif would otherwise
 * read one that is missing; each repeated flag takes one value a time, where oclif would take every word that follows.
 */
export function argument(description: string): Interfaces.Arg<string> {
  return Args.string({ description, required: true, ignoreStdin: true });
}

/** One or more words. */
export function severalArguments(description: string): Interfaces.Arg<string[]> {
  return Args.string({ description, required: true, multiple: true, ignoreStdin: true });
}

/** A word that may be left out. */
export function optionalArgument(description: string): Interfaces.Arg<string | undefined> {
  return Args.string({ description, ignoreStdin: true });
}

/** All words that follow. */
export function remainingArguments(description: string): Interfaces.Arg<string[] | undefined> {
  return Args.string({ description, multiple: true, ignoreStdin: true });
}

/** What makes a flag repeatable. */
export const repeated = { multiple: true as const, multipleNonGreedy: true };

/** What makes a flag repeatable whose values may also stand side by side with commas between, as docker has it for some. */
export const repeatedOrListed = { ...repeated, delimiter: "," as const };

/** Flags of every list. */
export const listFlags = {
  quiet: Flags.boolean({ char: "q", description: "Print ids only." }),
  "no-trunc": Flags.boolean({ description: "Print ids and texts in full." }),
  format: Flags.string({
    description: "Print each row with a template such as '{{.ID}} {{.Name}}', 'table {{.ID}}', or json.",
    helpValue: "TEMPLATE",
  }),
  ...jsonFlag,
};

/** For lists that can be narrowed; see `makeFilter`. */
export const filterFlag = Flags.string({
  char: "f",
  description: "Only those that match, name=web or label=tier=web; may be repeated.",
  helpValue: "KEY=VALUE",
  ...repeated,
});

/** For commands that remove what nothing uses. Without docker's `-f`, which is theirs for another thing. */
export const pruneFilterFlag = Flags.string({
  description: "Only those that match, until=24h or label=tier=web; may be repeated.",
  helpValue: "KEY=VALUE",
  ...repeated,
});

/** Flags of commands that print Docker's JSON. */
export const inspectFlags = {
  format: Flags.string({
    char: "f",
    description: "Print each with a template such as '{{.Name}}' or '{{json .}}'.",
    helpValue: "TEMPLATE",
  }),
  ...jsonFlag,
};

/** What docker has for fetching an image, and means nothing here. */
export const contentTrustFlag = Flags.boolean({
  description: "Accepted as docker does: tsd verifies digests, and no signatures.",
  hidden: true,
});

/** Which machine a fetched image is for. */
export const platformFlag = Flags.string({
  description: "Fetch the image for another machine.",
  helpValue: "OS/ARCHITECTURE[/VARIANT]",
});

/** Flags of `run` and `exec`. */
export const processFlags = {
  interactive: Flags.boolean({ char: "i", description: "Keep standard input open." }),
  tty: Flags.boolean({ char: "t", description: "Give the command a terminal." }),
  env: Flags.string({
    char: "e",
    description: "Set a variable; a name alone takes its value from here. May be repeated.",
    helpValue: "NAME=VALUE",
    ...repeated,
  }),
  workdir: Flags.string({ char: "w", description: "Directory to start in.", helpValue: "DIR" }),
  user: Flags.string({ char: "u", description: "User, and group, by name or number.", helpValue: "USER[:GROUP]" }),
};

/** How to be on one network: flags of `create`, `run` and `network connect`. */
export const endpointFlags = {
  ip: Flags.string({ description: "IPv4 address, kept for as long as the container exists.", helpValue: "IP" }),
  ip6: Flags.string({ description: "IPv6 address, likewise.", helpValue: "IP" }),
  "mac-address": Flags.string({ description: "MAC address of the interface.", helpValue: "MAC" }),
  "gw-priority": Flags.string({
    description: "The default route goes to the network where this is highest; 0 unless said otherwise.",
    helpValue: "NUMBER",
  }),
};

/** How a time is written, for the words of flags. */
export const timeForms = "a date, seconds since 1970, or how long ago, as 10m";

/** What leaves a container that is attached to. */
export const detachKeysFlag = {
  "detach-keys": Flags.string({
    description: "Keys that leave it running, a comma between each, ctrl-p,ctrl-q unless said otherwise.",
    helpValue: "KEYS",
  }),
};

/** Whether signals that tsd gets go on to the container. */
export const signalProxyFlag = {
  "sig-proxy": optionalSwitch(
    "Pass signals on to the container, which =false leaves running instead; true unless said otherwise.",
  ),
};

/** The flag of `stop` and `restart`. */
export const timeFlag = Flags.string({
  char: "t",
  aliases: ["timeout"],
  description: "Seconds to wait before SIGKILL; the container's own, or 10. -1 waits for ever.",
  helpValue: "SECONDS",
});
