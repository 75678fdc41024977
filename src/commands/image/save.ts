import { Flags } from "@oclif/core";
import { absolutePath } from "../absolute-path.js";
import { severalArguments } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";
import { writeFileWhole } from "../write-file.js";
import { writeStream } from "../write-stream.js";

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
    await this.withTsd(async ({ images }) => {
      const archive = images.save(args.image);
      if (output === undefined) return writeStream(archive, this.surroundings);
      return writeFileWhole(absolutePath(output, this.surroundings), archive);
    });
  }
}
