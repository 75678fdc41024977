import { Flags } from "@oclif/core";
import type { Image } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { loadedText } from "../../presenters/loaded-text.js";
import { optionalArgument } from "../definitions.js";
import { optional } from "../optional.js";
import { readImage } from "../read-image.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ImageLoad extends TsdCommand {
  static override description = "Reads the images in an archive that `docker save` or an OCI tool wrote.";
  static override examples = [
    "<%= config.bin %> image load --input busybox.tar",
    "docker save busybox | <%= config.bin %> image load",
  ];
  static override args = { file: optionalArgument("Path of the archive, as --input, or - for standard input.") };
  static override flags = {
    input: Flags.string({ char: "i", description: "Path of the archive; default standard input.", helpValue: "FILE" }),
    quiet: Flags.boolean({ char: "q", description: "Show no progress." }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Image[]> {
    const { args, flags } = await this.parse(ImageLoad);
    if (args.file !== undefined && flags.input !== undefined) throw twoArchives(args.file, flags.input);
    const file = flags.input ?? args.file ?? "-";
    const images = await this.withTsd((tsd) =>
      readImage(file, this.surroundings, ({ from, onProgress }) =>
        tsd.images.load({ from, ...optional("onProgress", flags.quiet ? undefined : onProgress) }),
      ),
    );
    return this.show(images, images.map(loadedText).join(""));
  }
}

function twoArchives(file: string, input: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_SOURCE_TWICE",
    message: `two archives were named, ${file} and ${input}`,
    hint: "Name one, as an argument or with --input.",
    details: { file, input },
  });
}
