import type { Image } from "../../api/index.js";
import { argument } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ImageTag extends TsdCommand {
  static override description = "Gives an image one more name. An image that had this name loses it.";
  static override examples = [
    "<%= config.bin %> image tag busybox mine:1",
    "<%= config.bin %> image tag busybox registry.example:5000/team/busybox:1",
  ];
  static override args = {
    image: argument("Name or id of an image."),
    name: argument("The new name, [HOST[:PORT]/]NAME[:TAG]."),
  };
  static override flags = changeFlags;

  override async run(): Promise<Image> {
    const { args } = await this.parse(ImageTag);
    return this.show(await this.withTsd((tsd) => tsd.images.tag(args.image, args.name)), "");
  }
}
