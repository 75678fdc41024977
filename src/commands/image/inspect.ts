import { imageInspect } from "../../presenters/image-inspect.js";
import { inspectText } from "../../presenters/inspect-text.js";
import { inspectFlags, severalArguments } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class ImageInspect extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Prints images as JSON, in docker's shape.";
  static override examples = [
    "<%= config.bin %> image inspect busybox",
    "<%= config.bin %> image inspect --format '{{json .RepoDigests}}' busybox",
  ];
  static override args = { image: severalArguments("Name or id of an image; may be several.") };
  static override flags = inspectFlags;

  override async run(): Promise<readonly unknown[]> {
    const { args, flags } = await this.parse(ImageInspect);
    const shown = await this.withTsd(({ images }) => args.image.map((ref) => imageInspect(images.inspect(ref))));
    return this.show(shown, inspectText(shown, flags.format));
  }
}
