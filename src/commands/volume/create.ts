import { Flags } from "@oclif/core";
import type { Volume } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { optionalArgument, repeated } from "../definitions.js";
import { parseLabels, parsePairs } from "../flag-values.js";
import { optional } from "../optional.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class VolumeCreate extends TsdCommand {
  static override description =
    "Prints the name of the volume; without one it gets 64 digits. One that exists with the same options stays as it is.";
  static override examples = [
    "<%= config.bin %> volume create data",
    "<%= config.bin %> volume create --label tier=db data",
    "<%= config.bin %> volume create -o type=tmpfs -o device=tmpfs -o o=size=64m scratch",
    "<%= config.bin %> volume create -o type=none -o device=/srv/data -o o=bind shared",
  ];
  static override args = { name: optionalArgument("Letters, digits, '_', '.' and '-'.") };
  static override flags = {
    name: Flags.string({ description: "The same, as docker has it for old scripts.", hidden: true }),
    driver: Flags.string({ char: "d", description: "Kind of volume; local is the only one.", default: "local" }),
    opt: Flags.string({
      char: "o",
      description: "Option: type=tmpfs or none, device=, o=; may be repeated.",
      helpValue: "KEY=VALUE",
      ...repeated,
    }),
    label: Flags.string({ description: "Label; may be repeated.", helpValue: "KEY=VALUE", ...repeated }),
    ...changeFlags,
  };

  override async run(): Promise<Volume> {
    const { args, flags } = await this.parse(VolumeCreate);
    if (args.name !== undefined && flags.name !== undefined) throw twoNames(args.name, flags.name);
    const spec = {
      ...optional("name", args.name ?? flags.name),
      driver: flags.driver,
      options: parsePairs(flags.opt ?? [], { flag: "opt", example: "type=tmpfs" }),
      labels: parseLabels(flags.label),
    };
    const volume = await this.withTsd((tsd) => tsd.volumes.create(spec));
    return this.show(volume, `${volume.name}\n`);
  }
}

function twoNames(one: string, other: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_VOLUME_NAMES",
    message: `the volume is called "${one}" and --name "${other}" at once`,
    hint: "Leave out --name.",
  });
}
