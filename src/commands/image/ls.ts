import { Flags } from "@oclif/core";
import type { Image } from "../../api/index.js";
import { makeFilter } from "../../filters/filters.js";
import { imageFilters, withNamesAskedFor } from "../../filters/image-filters.js";
import { digestView, imageRows, imageView } from "../../presenters/image-list.js";
import { renderList } from "../../presenters/list-view.js";
import { filterFlag, listFlags, optionalArgument } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class ImageLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    `Lists images, each under all its names. Filters: ${Object.keys(imageFilters).join(", ")}.`;
  static override examples = [
    "<%= config.bin %> image ls",
    "<%= config.bin %> image ls busybox --filter dangling=false",
    "<%= config.bin %> image ls --format '{{.Repository}}:{{.Tag}}'",
  ];
  static readonly filterKeys = Object.keys(imageFilters);
  static override args = { image: optionalArgument("Name of images, with or without tag; *, ? and [] are patterns.") };
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Accepted as docker has it; every image is listed.", hidden: true }),
    digests: Flags.boolean({ description: "Show the digest by which a registry has each." }),
    ...listFlags,
    filter: filterFlag,
  };

  override async run(): Promise<readonly Image[]> {
    const { args, flags } = await this.parse(ImageLs);
    const now = this.surroundings.now();
    const filters = [...(flags.filter ?? []), ...(args.image === undefined ? [] : [`reference=${args.image}`])];
    const images = await this.withTsd(({ images: stored }) =>
      stored.list().filter(makeFilter(filters, imageFilters, { images: stored, now })),
    );
    const rows = images.flatMap((image) =>
      imageRows(withNamesAskedFor(image, filters), { now, full: flags["no-trunc"] }),
    );
    const view = flags.digests ? digestView : imageView;
    return this.show(images, renderList(rows, view, { ...flags, colour: this.colour }));
  }
}
