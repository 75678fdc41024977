import type { ImageHistoryEntry } from "../../api/index.js";
import { historyRows, historyView } from "../../presenters/image-history.js";
import { renderList } from "../../presenters/list-view.js";
import { argument, listFlags } from "../definitions.js";
import { optionalSwitch } from "../optional-switch.js";
import { TsdCommand } from "../tsd-command.js";

export default class ImageHistory extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Shows the steps in which an image was made, newest first, and how large each made it.";
  static override examples = [
    "<%= config.bin %> image history busybox",
    "<%= config.bin %> image history --no-trunc busybox",
  ];
  static override args = { image: argument("Name or id of an image.") };
  static override flags = {
    human: {
      ...optionalSwitch("Sizes in units and times as ages; --human=false prints bytes and times."),
      char: "H" as const,
    },
    ...listFlags,
  };

  override async run(): Promise<readonly ImageHistoryEntry[]> {
    const { args, flags } = await this.parse(ImageHistory);
    const { id, entries } = await this.withTsd(async ({ images }) => ({
      id: images.get(args.image).id,
      entries: await images.history(args.image),
    }));
    const human = flags.human ?? true;
    const rows = historyRows(entries, { id, now: this.surroundings.now(), full: flags["no-trunc"], human });
    return this.show(entries, renderList(rows, historyView, { ...flags, colour: this.colour }));
  }
}
