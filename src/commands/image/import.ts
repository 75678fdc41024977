import type { Image } from "../../api/index.js";
import { argument } from "../definitions.js";
import { readImage } from "../read-image.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ImageImport extends TsdCommand {
  static override description =
    "Makes an image of one layer from a tar of a root file system, compressed or not, and prints its id.";
  static override examples = [
    "<%= config.bin %> image import rootfs.tar.gz debian:12",
    "tar -C rootfs -c . | <%= config.bin %> image import - mine",
  ];
  static override args = {
    file: argument("Path of the tar, or - for standard input."),
    name: argument("Name of the image, NAME[:TAG]."),
  };
  static override flags = changeFlags;

  override async run(): Promise<Image> {
    const { args } = await this.parse(ImageImport);
    const image = await this.withTsd((tsd) =>
      readImage(args.file, this.surroundings, (source) => tsd.images.import(source, args.name)),
    );
    return this.show(image, `sha256:${image.id}\n`);
  }
}
