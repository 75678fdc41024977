import type { Image } from "../../api/index.js";
import { imageRows, imageView } from "../../presenters/image-list.js";
import { renderList } from "../../presenters/list-view.js";
import { listFlags } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class ImageLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Lists images, each under all its names.";
  static override examples = [
    "<%= config.bin %> image ls",
    "<%= config.bin %> image ls --format '{{.Repository}}:{{.Tag}}'",
  ];
  static override flags = listFlags;

  override async run(): Promise<readonly Image[]> {
    const { flags } = await this.parse(ImageLs);
    const images = await this.withTsd((tsd) => tsd.images.list());
    const now = this.surroundings.now();
    const rows = images.flatMap((image) => imageRows(image, { now, full: flags["no-trunc"] }));
    return this.show(images, renderList(rows, imageView, { ...flags, colour: this.colour }));
  }
}
