import { arch } from "node:process";
import { TsdError } from "../errors/tsd-error.js";

/** Flags of docker's of which tsd has one value at most. */
interface ForeignWords {
  readonly userns?: string | undefined;
  readonly platform?: string | undefined;
  readonly "cgroup-parent"?: string | undefined;
  readonly "storage-opt"?: readonly string[] | undefined;
}

/** Accepts what is so anyway. Throws `unsupported` in one sentence for the rest. */
export function refuseForeignWords(words: ForeignWords): void {
  const { userns, platform, "cgroup-parent": parent, "storage-opt": [option] = [] } = words;
  if (userns !== undefined && userns !== "" && userns !== "host")
    throw unsupported(`--userns ${userns}`, "containers have the host's user namespace", "Leave it out.");
  if (platform !== undefined && !ownPlatforms().includes(platform))
    throw unsupported(
      `--platform ${platform}`,
      `containers run on the machine's own processor, ${ownPlatforms()[0]}`,
      "Use an image for it, or leave the flag out.",
    );
  if (parent !== undefined && parent !== "")
    throw unsupported(
      `--cgroup-parent ${parent}`,
      "each container has a control group of its own below the root, which tsd removes with it",
      "Limit the container itself: --memory, --cpus, --pids-limit.",
    );
  if (option !== undefined) throw noStorageOption(option);
}

/** By Go's names and with the variants that images have. */
function ownPlatforms(): readonly string[] {
  if (arch === "x64") return ["linux/amd64", "linux", "linux/x86_64", "linux/amd64/v1", "linux/amd64/v2", "amd64"];
  if (arch === "arm64") return ["linux/arm64", "linux", "linux/arm64/v8", "linux/aarch64", "arm64"];
  return [`linux/${arch}`, "linux"];
}

function unsupported(given: string, why: string, hint: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_FLAG_UNSUPPORTED",
    message: `${given} is not something that tsd does: ${why}`,
    hint,
    details: { given },
  });
}

function noStorageOption(option: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_STORAGE_OPT",
    message: `--storage-opt "${option}" is not possible: what a container writes has no limit of its own`,
    hint: "Put TSD_ROOT on a file system of its own, or mount a tmpfs with a size over what is written to.",
    details: { option },
  });
}
