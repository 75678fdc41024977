import { resolve } from "node:path";
import type { ContainerSpec, NetworkAttachment } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { readEnv, readEnvFile } from "./environment.js";
import { parseCpus, parseLabels, parseMemory, parsePairs } from "./flag-values.js";
import { parseNetworkFlag } from "./network-flag.js";
import type { Surroundings } from "./surroundings.js";

/** Flags of `run` and `create` as oclif answers them. */
export interface RunFlags {
  readonly interactive: boolean;
  readonly tty: boolean;
  readonly rm: boolean;
  readonly "publish-all": boolean;
  readonly name?: string | undefined;
  readonly network?: readonly string[] | undefined;
  readonly ip?: string | undefined;
  readonly ip6?: string | undefined;
  readonly "mac-address"?: string | undefined;
  readonly "network-alias"?: readonly string[] | undefined;
  readonly link?: readonly string[] | undefined;
  readonly publish?: readonly string[] | undefined;
  readonly expose?: readonly string[] | undefined;
  readonly dns?: readonly string[] | undefined;
  readonly "dns-search"?: readonly string[] | undefined;
  readonly "dns-option"?: readonly string[] | undefined;
  readonly "add-host"?: readonly string[] | undefined;
  readonly sysctl?: readonly string[] | undefined;
  readonly env?: readonly string[] | undefined;
  readonly "env-file"?: readonly string[] | undefined;
  readonly volume?: readonly string[] | undefined;
  readonly workdir?: string | undefined;
  readonly hostname?: string | undefined;
  readonly domainname?: string | undefined;
  readonly user?: string | undefined;
  readonly memory?: string | undefined;
  readonly cpus?: string | undefined;
  readonly "cpuset-cpus"?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly entrypoint?: string | undefined;
  readonly rootfs?: string | undefined;
}

/** What `run` and `create` ask the library for. `words` begins with the image, or with `--rootfs` with the command. */
export async function makeRunSpec(
  flags: RunFlags,
  words: readonly string[],
  caller: Pick<Surroundings, "env" | "cwd">,
): Promise<ContainerSpec> {
  const files = await Promise.all((flags["env-file"] ?? []).map((file) => readEnvFile(file, caller)));
  const [image, ...afterImage] = words;
  return {
    ...(flags.rootfs === undefined
      ? { ...defined("image", image), command: afterImage }
      : { rootfs: resolve(caller.cwd, flags.rootfs), command: words }),
    ...defined("name", flags.name),
    ...networkWishes(flags),
    ...defined("workdir", flags.workdir),
    ...defined("hostname", flags.hostname),
    ...defined("domainname", flags.domainname),
    ...defined("user", flags.user),
    ...defined("cpuset", flags["cpuset-cpus"]),
    ...defined("memory", flags.memory === undefined ? undefined : parseMemory(flags.memory)),
    ...defined("cpus", flags.cpus === undefined ? undefined : parseCpus(flags.cpus)),
    ...defined("entrypoint", flags.entrypoint === undefined ? undefined : splitEntrypoint(flags.entrypoint)),
    env: [...files.flat(), ...readEnv(flags.env, caller)],
    volumes: (flags.volume ?? []).map((volume) => absoluteSource(volume, caller.cwd)),
    publish: flags.publish ?? [],
    labels: parseLabels(flags.label),
    tty: flags.tty,
    interactive: flags.interactive,
    autoRemove: flags.rm,
  };
}

/** The words after the flags. Throws `invalid-input` where there are none. */
export function requireWords(words: readonly string[] | undefined, rootfs: string | undefined): readonly string[] {
  if (words !== undefined) return words;
  const isImage = rootfs === undefined;
  throw new TsdError({
    kind: "invalid-input",
    code: isImage ? "TSD_IMAGE_MISSING" : "TSD_COMMAND_MISSING",
    message: isImage ? "no image was named" : `no command was given to run in ${rootfs}`,
    hint: isImage ? "Write tsd run IMAGE; tsd image ls lists images." : "Write tsd run --rootfs DIR COMMAND.",
  });
}

function networkWishes(flags: RunFlags): Partial<ContainerSpec> {
  const networks = attachments(flags);
  return {
    ...defined("networks", networks.length === 0 ? undefined : networks),
    ...defined("links", flags.link),
    ...defined("expose", flags.expose),
    ...defined("publishAll", flags["publish-all"] ? true : undefined),
    ...defined("dns", flags.dns),
    ...defined("dnsSearch", flags["dns-search"]),
    ...defined("dnsOptions", flags["dns-option"]),
    ...defined("addHosts", flags["add-host"]),
    ...defined("sysctls", flags.sysctl === undefined ? undefined : parsePairs(flags.sysctl, sysctlFlag)),
  };
}

const sysctlFlag = { flag: "sysctl", example: "net.ipv4.ip_unprivileged_port_start=0" } as const;

/** docker's rule: flags about one network are for the first; without any, that is the default one. */
function attachments(flags: RunFlags): readonly NetworkAttachment[] {
  const [first, ...others] = (flags.network ?? []).map(parseNetworkFlag);
  const wishes: Omit<NetworkAttachment, "network"> = {
    ...defined("address", flags.ip),
    ...defined("address6", flags.ip6),
    ...defined("mac", flags["mac-address"]),
    ...defined("aliases", flags["network-alias"]),
  };
  if (Object.keys(wishes).length === 0) return first === undefined ? [] : [first, ...others];
  for (const key of Object.keys(wishes)) if (first !== undefined && key in first) throw givenTwice(key, first.network);
  return [{ network: "bridge", ...first, ...wishes }, ...others];
}

function givenTwice(key: string, network: string): TsdError {
  const flag = { address: "--ip", address6: "--ip6", mac: "--mac-address", aliases: "--network-alias" }[key] ?? key;
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_TWICE",
    message: `${flag} was given both by itself and in --network for "${network}"`,
    hint: "Keep one of them.",
    details: { flag, network },
  });
}

/** docker's rule: one word, never split; an empty one means the image's entrypoint is not wanted. */
function splitEntrypoint(word: string): readonly string[] {
  return word === "" ? [] : [word];
}

/** `./data:/data` is relative to the caller, whom the library does not know. */
function absoluteSource(volume: string, cwd: string): string {
  const source = volume.split(":", 1)[0] ?? "";
  return /^\.{1,2}(\/|$)/.test(source) ? `${resolve(cwd, source)}${volume.slice(source.length)}` : volume;
}

function defined<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
