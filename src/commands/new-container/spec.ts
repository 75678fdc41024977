import type { ContainerSpec } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { absolutePath } from "../absolute-path.js";
import { readEnvFile } from "../env-file.js";
import { readEnv } from "../environment.js";
import { parseLabels } from "../flag-values.js";
import { optional } from "../optional.js";
import type { Surroundings } from "../surroundings.js";
import type { ContainerFlags } from "./flags.js";
import { lifeOf } from "./life.js";
import { limitsOf } from "./limits.js";
import { namingOf } from "./naming.js";
import { networkingOf } from "./networking.js";
import { privilegesOf } from "./privileges.js";
import { storageOf } from "./storage.js";

/** What `create` and `run` ask the library for. `words` begins with the image, or with `--rootfs` with the command. */
export async function makeContainerSpec(
  flags: ContainerFlags,
  words: readonly string[],
  caller: Pick<Surroundings, "env" | "cwd">,
): Promise<ContainerSpec> {
  const files = await Promise.all((flags["env-file"] ?? []).map((file) => readEnvFile(file, caller)));
  const labels = (flags["label-file"] ?? []).map((file) => readEnvFile(file, { ...caller, env: {} }, "label-file"));
  const [image, ...afterImage] = words;
  return {
    ...(flags.rootfs === undefined
      ? { ...optional("image", image), command: afterImage }
      : { rootfs: absolutePath(flags.rootfs, caller), command: words }),
    ...optional("name", flags.name),
    ...networkingOf(flags),
    ...namingOf(flags),
    ...limitsOf(flags),
    ...(await privilegesOf(flags, caller)),
    ...storageOf(flags, caller),
    ...lifeOf(flags),
    ...optional("workdir", flags.workdir),
    ...optional("user", flags.user),
    ...optional("entrypoint", flags.entrypoint === undefined ? undefined : splitEntrypoint(flags.entrypoint)),
    env: [...files.flat(), ...readEnv(flags.env, caller)],
    labels: parseLabels([...(await Promise.all(labels)).flat(), ...(flags.label ?? [])]),
    tty: flags.tty,
    interactive: flags.interactive,
  };
}

/** docker's rule: one word, never split; an empty one means the image's entrypoint is not wanted. */
function splitEntrypoint(word: string): readonly string[] {
  return word === "" ? [] : [word];
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
