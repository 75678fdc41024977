import type { ContainerSpec } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { absolutePath } from "./absolute-path.js";
import { readAttachments } from "./attachments.js";
import type { ContainerFlags } from "./container-flags.js";
import { readEnvFile } from "./env-file.js";
import { readEnv } from "./environment.js";
import { parseCpus, parseLabels, parseMemory, parsePairs } from "./flag-values.js";
import { optional } from "./optional.js";
import type { Surroundings } from "./surroundings.js";

/** What `create` and `run` ask the library for. `words` begins with the image, or with `--rootfs` with the command. */
export async function makeContainerSpec(
  flags: ContainerFlags,
  words: readonly string[],
  caller: Pick<Surroundings, "env" | "cwd">,
): Promise<ContainerSpec> {
  const files = await Promise.all((flags["env-file"] ?? []).map((file) => readEnvFile(file, caller)));
  const [image, ...afterImage] = words;
  return {
    ...(flags.rootfs === undefined
      ? { ...optional("image", image), command: afterImage }
      : { rootfs: absolutePath(flags.rootfs, caller), command: words }),
    ...optional("name", flags.name),
    ...networking(flags),
    ...optional("workdir", flags.workdir),
    ...optional("user", flags.user),
    ...optional("cpuset", flags["cpuset-cpus"]),
    ...optional("memory", flags.memory === undefined ? undefined : parseMemory(flags.memory)),
    ...optional("cpus", flags.cpus === undefined ? undefined : parseCpus(flags.cpus)),
    ...optional("entrypoint", flags.entrypoint === undefined ? undefined : splitEntrypoint(flags.entrypoint)),
    env: [...files.flat(), ...readEnv(flags.env, caller)],
    volumes: (flags.volume ?? []).map((volume) => absoluteSource(volume, caller)),
    labels: parseLabels(flags.label),
    tty: flags.tty,
    interactive: flags.interactive,
    autoRemove: flags.rm,
  };
}

const sysctlFlag = { flag: "sysctl", example: "net.ipv4.ip_unprivileged_port_start=0" } as const;

function networking(flags: ContainerFlags): Partial<ContainerSpec> {
  const networks = readAttachments(flags);
  return {
    ...optional("networks", networks.length === 0 ? undefined : networks),
    ...optional("links", flags.link),
    ...optional("publish", flags.publish),
    ...optional("publishAll", flags["publish-all"] ? true : undefined),
    ...optional("expose", flags.expose),
    ...optional("hostname", flags.hostname),
    ...optional("domainname", flags.domainname),
    ...optional("dns", flags.dns),
    ...optional("dnsSearch", flags["dns-search"]),
    ...optional("dnsOptions", flags["dns-option"]),
    ...optional("addHosts", flags["add-host"]?.map(separateByColon)),
    ...optional("sysctls", flags.sysctl && parsePairs(flags.sysctl, sysctlFlag)),
  };
}

/** docker has `NAME=IP` beside `NAME:IP`, and lets an IPv6 address stand in brackets. */
function separateByColon(host: string): string {
  const [, name, address = ""] = /^([^:=]*)[:=](.*)$/.exec(host) ?? [];
  return name === undefined ? host : `${name}:${address.replace(/^\[(.*)\]$/, "$1")}`;
}

/** docker's rule: one word, never split; an empty one means the image's entrypoint is not wanted. */
function splitEntrypoint(word: string): readonly string[] {
  return word === "" ? [] : [word];
}

/** `./data:/data` is relative to the caller, whom the library does not know. */
function absoluteSource(volume: string, caller: Pick<Surroundings, "cwd">): string {
  const source = volume.split(":", 1)[0] ?? "";
  return /^\.{1,2}(\/|$)/.test(source) ? `${absolutePath(source, caller)}${volume.slice(source.length)}` : volume;
}

/** The image and its command, or with `--rootfs` the command. Throws `invalid-input` where nothing was named. */
export function requireWords(words: readonly string[] | undefined, rootfs: string | undefined): readonly string[] {
  if (words !== undefined) return words;
  throw new TsdError({
    kind: "invalid-input",
    code: rootfs === undefined ? "TSD_IMAGE_MISSING" : "TSD_COMMAND_MISSING",
    message: rootfs === undefined ? "no image was named" : `no command was given to run in ${rootfs}`,
    hint:
      rootfs === undefined ? "Write tsd run IMAGE; tsd image ls lists images." : "Write tsd run --rootfs DIR COMMAND.",
  });
}
