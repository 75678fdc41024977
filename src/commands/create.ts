import type { Container } from "../api/index.js";
import { containerFlags } from "./container-flags.js";
import { remainingArguments } from "./definitions.js";
import { makeRunSpec, requireWords } from "./run-spec.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Create extends TsdCommand {
  static override description = "Prints the new container's id. Flags after the image belong to the command.";
  static override examples = [
    "<%= config.bin %> create --name www --net web -p 8080:80 busybox httpd -f",
    "<%= config.bin %> create --name job --rootfs ./rootfs /bin/sh",
  ];
  static override usage = ["create [FLAGS] IMAGE [COMMAND...]", "create [FLAGS] --rootfs DIR COMMAND..."];
  static override strict = false;
  static override args = {
    command: remainingArguments("The image, then its command; with --rootfs the command alone."),
  };
  static override flags = { ...containerFlags, ...jsonFlag };

  override async run(): Promise<Container> {
    const { args, flags } = await this.parse(Create);
    const spec = await makeRunSpec(flags, requireWords(args.command, flags.rootfs), this.surroundings);
    const container = await this.withTsd((tsd) => tsd.containers.create(spec));
    return this.show(container, `${container.id}\n`);
  }
}
