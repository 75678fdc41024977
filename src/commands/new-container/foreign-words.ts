import { arch } from "node:process";
import { TsdError } from "../../errors/tsd-error.js";

/** Flags of docker's of which tsd has one value at most. */
interface ForeignWords {
  readonly userns?: string | undefined;
  readonly platform?: string | undefined;
  readonly "cgroup-parent"?: string | undefined;
}

/** Accepts what is so anyway. Throws `unsupported` in one sentence for the rest. */
export function refuseForeignWords({ userns, platform, "cgroup-parent": parent }: ForeignWords): void {
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
}

/** By Go's names and with the variants that images have. */
function ownPlatforms(): readonly string[] {
  if (arch === "x64") return ["linux/amd64", "linux/x86_64", "linux/amd64/v1", "linux/amd64/v2", "amd64"];
  if (arch === "arm64") return ["linux/arm64", "linux/arm64/v8", "linux/aarch64", "arm64"];
  return [`linux/${arch}`];
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
