import { Flags } from "@oclif/core";
import type { Image } from "../../api/index.js";
import { argument, optionalArgument, repeated } from "../definitions.js";
import { optional } from "../optional.js";
import { readImage } from "../read-image.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ImageImport extends TsdCommand {
  static override description =
    "Makes an image of one layer from a tar of a root file system, compressed or not, and prints its id.";
  static override examples = [
    "<%= config.bin %> image import rootfs.tar.gz debian:12",
    "<%= config.bin %> image import --change 'CMD [\"sh\"]' rootfs.tar mine",
    "tar -C rootfs -c . | <%= config.bin %> image import - mine",
  ];
  static override args = {
    file: argument("Path of the tar, or - for standard input."),
    name: optionalArgument("Name of the image, NAME[:TAG]; without it the image has its id alone."),
  };
  static override flags = {
    change: Flags.string({
      char: "c",
      description: "An instruction of a Dockerfile for the image, such as 'CMD [\"sh\"]'; may be repeated.",
      helpValue: "INSTRUCTION",
      ...repeated,
    }),
    message: Flags.string({ char: "m", description: "Comment of the image.", helpValue: "TEXT" }),
    ...changeFlags,
  };

  override async run(): Promise<Image> {
    const { args, flags } = await this.parse(ImageImport);
    const options = { ...optional("changes", flags.change), ...optional("comment", flags.message) };
    const image = await this.withTsd((tsd) =>
      readImage(args.file, this.surroundings, (source) => tsd.images.import(source, args.name, options)),
    );
    return this.show(image, `sha256:${image.id}\n`);
  }
}
