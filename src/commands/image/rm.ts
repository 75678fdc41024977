import { Flags } from "@oclif/core";
import type { Image } from "../../api/index.js";
import { severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ImageRm extends TsdCommand {
  static override description = "Takes a name from an image, and removes the image with its last one.";
  static override examples = [
    "<%= config.bin %> image rm busybox",
    "<%= config.bin %> image rm busybox:1.36 debian:12",
  ];
  static override args = { image: severalArguments("Name or id of an image; may be several.") };
  static override flags = {
    force: Flags.boolean({
      char: "f",
      description: "With an id, take all names; and remove an image that stopped containers use.",
    }),
    "no-prune": Flags.boolean({ description: "Accepted as docker does: images have no parents.", hidden: true }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Image[]> {
    const { args, flags } = await this.parse(ImageRm);
    return this.withTsd((tsd) => this.forEachRef(args.image, (ref) => tsd.images.remove(ref, { force: flags.force })));
  }
}
