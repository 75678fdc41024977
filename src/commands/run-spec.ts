import { resolve } from "node:path";
import type { ContainerSpec } from "../api/index.js";
import { readEnv, readEnvFile } from "./environment.js";
import { parseCpus, parseLabels, parseMemory } from "./flag-values.js";
import type { Surroundings } from "./surroundings.js";

/** The flags of `run` as oclif answers them, those with a meaning of their own to the library aside. */
export interface RunFlags {
  readonly interactive: boolean;
  readonly tty: boolean;
  readonly rm: boolean;
  readonly name?: string | undefined;
  readonly network?: string | undefined;
  readonly publish?: readonly string[] | undefined;
  readonly env?: readonly string[] | undefined;
  readonly "env-file"?: readonly string[] | undefined;
  readonly volume?: readonly string[] | undefined;
  readonly workdir?: string | undefined;
  readonly hostname?: string | undefined;
  readonly user?: string | undefined;
  readonly memory?: string | undefined;
  readonly cpus?: string | undefined;
  readonly "cpuset-cpus"?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly entrypoint?: string | undefined;
  readonly rootfs?: string | undefined;
}

/** What `run` asks the library for. `words` begins with the image, or with `--rootfs` with the command. */
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
    ...defined("network", flags.network),
    ...defined("workdir", flags.workdir),
    ...defined("hostname", flags.hostname),
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
