import type { Container } from "../api/index.js";
import { cidFileFlag, withCidFile } from "./cid-file.js";
import { remainingArguments } from "./definitions.js";
import { containerFlags } from "./new-container/flags.js";
import { withImage } from "./new-container/pulling.js";
import { makeContainerSpec, requireWords } from "./new-container/spec.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Create extends TsdCommand {
  static override description = "Makes a container without starting it, and prints its id. The flags are those of run.";
  static override examples = [
    "<%= config.bin %> create --name www --net web -p 8080:80 busybox httpd -f",
    "<%= config.bin %> create --net web --ip 10.10.10.9 busybox sleep 60",
  ];
  static override usage = ["create [FLAGS] IMAGE [COMMAND...]", "create [FLAGS] --rootfs DIR COMMAND..."];
  static override strict = false;
  static override args = {
    command: remainingArguments("The image, then its command; with --rootfs the command alone."),
  };
  static override flags = { ...containerFlags, ...cidFileFlag, ...changeFlags };

  override async run(): Promise<Container> {
    const { args, flags } = await this.parse(Create);
    const spec = await makeContainerSpec(flags, requireWords(args.command, flags.rootfs), this.surroundings);
    const wanted = { flags, image: spec.image, surroundings: this.surroundings, dryRun: this.dryRun };
    const container = await withCidFile(this.dryRun ? undefined : flags.cidfile, this.surroundings, async (noteId) => {
      const made = await this.withTsd((tsd) => withImage(tsd, wanted, () => tsd.containers.create(spec)));
      noteId(made.id);
      return made;
    });
    return this.show(container, `${container.id}\n`);
  }
}
