import { Flags } from "@oclif/core";
import type { Image } from "../../api/index.js";
import { printable } from "../../errors/printable.js";
import { readImage } from "../read-image.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ImageLoad extends TsdCommand {
  static override description = "Reads the images in an archive that `docker save` or an OCI tool wrote.";
  static override examples = [
    "<%= config.bin %> image load --input busybox.tar",
    "docker save busybox | <%= config.bin %> image load",
  ];
  static override flags = {
    input: Flags.string({ char: "i", description: "Path of the archive; default standard input.", helpValue: "FILE" }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Image[]> {
    const { flags } = await this.parse(ImageLoad);
    const images = await this.withTsd((tsd) =>
      readImage(flags.input ?? "-", this.surroundings, (source) => tsd.images.load(source)),
    );
    return this.show(images, images.map(loaded).join(""));
  }
}

/** docker's words; those for an image without a name give its id. */
function loaded({ id, names }: Image): string {
  if (names.length === 0) return `Loaded image ID: sha256:${id}\n`;
  return names.map((name) => `Loaded image: ${printable(name)}\n`).join("");
}
