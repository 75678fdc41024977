import { inspectText } from "../../presenters/inspect-text.js";
import { volumeInspect } from "../../presenters/volume-inspect.js";
import { inspectFlags, severalArguments } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class VolumeInspect extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Prints volumes and the containers that have them as JSON, in docker's shape.";
  static override examples = [
    "<%= config.bin %> volume inspect data",
    "<%= config.bin %> volume inspect --format '{{.Mountpoint}}' data",
  ];
  static override args = { volume: severalArguments("Name of a volume; may be several.") };
  static override flags = inspectFlags;

  override async run(): Promise<readonly unknown[]> {
    const { args, flags } = await this.parse(VolumeInspect);
    const volumes = await this.withTsd((tsd) => args.volume.map((ref) => volumeInspect(tsd.volumes.inspect(ref))));
    return this.show(volumes, inspectText(volumes, flags.format));
  }
}
