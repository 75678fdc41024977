import { Flags } from "@oclif/core";
import { TsdError } from "../../errors/tsd-error.js";
import { absolutePath } from "../absolute-path.js";
import { severalArguments } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";
import { writeFileWhole } from "../write-file.js";

export default class ImageSave extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Writes images to an archive that `tsd load`, docker, podman and skopeo read.";
  static override examples = [
    "<%= config.bin %> image save --output busybox.tar busybox",
    "<%= config.bin %> image save busybox debian:12 | ssh other tsd load",
  ];
  static override args = { image: severalArguments("Name or id of an image; may be several.") };
  static override flags = {
    output: Flags.string({
      char: "o",
      description: "Path of the archive; default standard output.",
      helpValue: "FILE",
    }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ImageSave);
    const { output } = flags;
    if (output === undefined && this.surroundings.isTerminal(1)) throw terminal();
    await this.withTsd(async ({ images }) => {
      const archive = images.save(args.image);
      if (output !== undefined) return writeFileWhole(absolutePath(output, this.surroundings), archive);
      const { pipeline } = await import("node:stream/promises");
      await pipeline(archive, this.surroundings.streams().stdout, { end: false });
    });
  }
}

function terminal(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_TARGET_MISSING",
    message: "an archive was to be written to standard output, which is a terminal",
    hint: "Name a file with --output, or send the archive through a pipe.",
  });
}
