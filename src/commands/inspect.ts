import { Flags } from "@oclif/core";
import type { Tsd } from "../api/index.js";
import { joinFailures } from "../errors/join-failures.js";
import { TsdError } from "../errors/tsd-error.js";
import { containerInspect } from "../presenters/container-inspect.js";
import { imageInspect } from "../presenters/image-inspect.js";
import { inspectText } from "../presenters/inspect-text.js";
import { networkInspect } from "../presenters/network-inspect.js";
import { volumeInspect } from "../presenters/volume-inspect.js";
import { inspectFlags, severalArguments } from "./definitions.js";
import { TsdCommand } from "./tsd-command.js";

type Lookup = (tsd: Tsd, ref: string) => unknown;

const lookups: Readonly<Record<string, Lookup>> = {
  container: (tsd, ref) => containerInspect(tsd.containers.inspect(ref)),
  network: (tsd, ref) => networkInspect(tsd.networks.inspect(ref)),
  image: (tsd, ref) => imageInspect(tsd.images.inspect(ref)),
  volume: (tsd, ref) => volumeInspect(tsd.volumes.inspect(ref)),
};

export default class Inspect extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints containers, else networks, images or volumes as JSON, in docker's shape. NetworkSettings of a container hold the path of its network namespace (SandboxKey) and the command that shows it to ip-netns(8) (IpNetns).";
  static override examples = [
    "<%= config.bin %> inspect www",
    "<%= config.bin %> inspect --format '{{.NetworkSettings.IPAddress}}' www",
    "<%= config.bin %> inspect --type network web",
  ];
  static override args = { name: severalArguments("Name or id; may be several.") };
  static override flags = {
    ...inspectFlags,
    type: Flags.string({ description: "Look for this kind only.", options: Object.keys(lookups) }),
  };

  override async run(): Promise<readonly unknown[]> {
    const { args, flags } = await this.parse(Inspect);
    const kinds = flags.type === undefined ? Object.keys(lookups) : [flags.type];
    const failures: unknown[] = [];
    const things = await this.withTsd((tsd) =>
      args.name.flatMap((ref) => orNote(failures, () => findFirst(tsd, ref, kinds))),
    );
    // As docker: what is there is shown beside what is not.
    if (things.length > 0) this.show(things, inspectText(things, flags.format));
    if (failures.length > 0) throw joinFailures(failures);
    return things;
  }
}

function orNote(failures: unknown[], find: () => unknown): readonly unknown[] {
  try {
    return [find()];
  } catch (error) {
    failures.push(error);
    return [];
  }
}

function findFirst(tsd: Tsd, ref: string, kinds: readonly string[]): unknown {
  for (const kind of kinds) {
    try {
      return lookups[kind]?.(tsd, ref);
    } catch (error) {
      if (!TsdError.is(error, "not-found")) throw error;
    }
  }
  throw new TsdError({
    kind: "not-found",
    code: "TSD_NOTHING_TO_INSPECT",
    message: `there is no ${kinds.join(", ").replace(/, (\w+)$/, " or $1")} "${ref}"`,
    hint: "List what there is: tsd ps --all, tsd network ls, tsd image ls, tsd volume ls.",
    details: { ref, kinds },
  });
}
