import { Flags } from "@oclif/core";
import type { PulledImage, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { pulledLines } from "../../presenters/pull-progress.js";
import { argument, contentTrustFlag, platformFlag } from "../definitions.js";
import { optional } from "../optional.js";
import { pullVisibly } from "../pull-progress.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ImagePull extends TsdCommand {
  static override description =
    "Fetches an image from a registry, and of its layers those that are not here. Credentials are docker's: ~/.docker/config.json.";
  static override examples = [
    "<%= config.bin %> image pull busybox",
    "<%= config.bin %> image pull --platform linux/arm64 registry.example:5000/team/app:1.2",
    "<%= config.bin %> image pull --quiet busybox@sha256:DIGEST",
  ];
  static override args = { image: argument("[HOST[:PORT]/]NAME[:TAG][@DIGEST].") };
  static override flags = {
    quiet: Flags.boolean({ char: "q", description: "Print the full name alone." }),
    platform: platformFlag,
    "all-tags": Flags.boolean({ char: "a", description: "Refused: name each tag.", hidden: true }),
    "disable-content-trust": contentTrustFlag,
    ...changeFlags,
  };

  override async run(): Promise<PulledImage> {
    const { args, flags } = await this.parse(ImagePull);
    if (flags["all-tags"]) throw oneTagOnly(args.image);
    const options = optional("platform", flags.platform);
    const isSilent = flags.quiet || flags.json || this.dryRun;
    const pulled = await this.withTsd((tsd: Tsd) =>
      isSilent
        ? tsd.images.pull(args.image, options)
        : pullVisibly(tsd, args.image, options, { surroundings: this.surroundings, descriptor: 1 }),
    );
    return this.show(
      pulled,
      flags.quiet
        ? `${pulled.reference}\n`
        : pulledLines(pulled)
            .map((line) => `${line}\n`)
            .join(""),
    );
  }
}

function oneTagOnly(image: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_PULL_ALL_TAGS",
    message: `tsd pulls one tag of ${image} at a time, and has no --all-tags`,
    hint: "Name the tag: tsd pull NAME:TAG.",
    details: { image },
  });
}
