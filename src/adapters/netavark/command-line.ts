import { TsdError } from "../../errors/tsd-error.js";

const commands = ["setup", "teardown", "create", "update", "firewall-reload", "version", "--version"] as const;

/** One call of netavark's, as podman writes it. */
export interface CommandLine {
  readonly command: (typeof commands)[number];
  /** Of `setup` and `teardown`: the path of a namespace; of `update`: the name of a network. */
  readonly subject: string;
  /** Where files of containers' names are; absent where the command has none. */
  readonly config?: string;
  readonly aardvark: string;
  /** In place of standard input. */
  readonly file?: string;
  readonly rootless: boolean;
  /** Of `update`. */
  readonly dnsServers: readonly string[];
}

/** Flags with a value. Those without a meaning here are accepted: tsd has its own firewall, and no plug-ins of netavark's. */
const valued: Readonly<Record<string, string>> = {
  "--config": "config",
  "-c": "config",
  "--aardvark-binary": "aardvark",
  "-a": "aardvark",
  "--rootless": "rootless",
  "-r": "rootless",
  "--file": "file",
  "-f": "file",
  "--network-dns-servers": "dnsServers",
  "--firewall-driver": "ignored",
  "--plugin-directory": "ignored",
};

/** Throws `invalid-input` for what netavark does not accept, and `unsupported` for what it does and tsd does not. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const given = new Map<string, string>();
  const words: string[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-")) words.push(word);
    else if (word === "--version" || word === "-V") words.unshift("--version");
    else readFlag(word, rest, given);
  }
  const [command = "", subject = "", ...more] = words;
  const config = given.get("config");
  const file = given.get("file");
  const servers = given.get("dnsServers") ?? "";
  const known = requireCommand(command);
  if (more.length > 0) throw usage(`${known} takes no "${more[0]}"`);
  if (known === "update" && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(subject)) throw usage(`"${subject}" is no network`);
  if (subject === "" && ["setup", "teardown"].includes(known)) {
    throw usage(`${known} needs the path of a namespace`);
  }
  return {
    command: known,
    subject,
    ...(config === undefined ? {} : { config }),
    ...(file === undefined ? {} : { file }),
    aardvark: given.get("aardvark") ?? "",
    rootless: given.get("rootless") === "true",
    dnsServers: servers === "" ? [] : servers.split(",").map(requireAddress),
  };
}

function readFlag(word: string, rest: string[], given: Map<string, string>): void {
  const [flag = "", ...joined] = word.split("=");
  const name = Object.hasOwn(valued, flag) ? valued[flag] : undefined;
  if (name === undefined) throw usage(`there is no flag ${flag}`);
  const value = joined.length > 0 ? joined.join("=") : rest.shift();
  if (value === undefined) throw usage(`${flag} needs a value`);
  given.set(name, value);
}

function requireAddress(text: string): string {
  if (/^[0-9A-Fa-f.:]+$/.test(text)) return text;
  throw usage(`nameserver "${text}" is no address`);
}

function requireCommand(command: string): CommandLine["command"] {
  const known = commands.find((one) => one === command);
  if (known !== undefined) return known;
  if (command === "dhcp-proxy" || command === "firewalld-reload") {
    throw new TsdError({
      kind: "unsupported",
      code: "TSD_NETAVARK_COMMAND",
      message: `tsd has no ${command}`,
      hint:
        command === "dhcp-proxy"
          ? "Give the network a subnet; podman chooses the addresses."
          : "Install share/systemd/tsd-follow-firewalld.service, which does the same for all networks of tsd.",
      details: { command },
    });
  }
  throw usage(command === "" ? "it has no command" : `there is no command "${command}"`);
}

function usage(what: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NETAVARK_USAGE",
    message: `this is no call of netavark: ${what}`,
    hint: `The commands are: ${commands.join(", ")}.`,
    details: {},
  });
}
