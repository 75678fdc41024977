import { Flags } from "@oclif/core";
import type { Container } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { processFlags, remainingArguments, repeated } from "./definitions.js";
import { requireTerminal, runInForeground } from "./foreground.js";
import { makeRunSpec } from "./run-spec.js";
import { jsonFlag, TsdCommand } from "./tsd-command.js";

export default class Run extends TsdCommand {
  static override description =
    "Flags after the image belong to the command. The exit code is the command's; 125 means that tsd failed, 126 that the command cannot be run, 127 that it does not exist.";
  static override examples = [
    "<%= config.bin %> run -it --rm --net web busybox sh",
    "<%= config.bin %> run -d --name www --net web -p 8080:80 busybox httpd -f",
    "<%= config.bin %> run --rm -m 64m --cpus 0.5 -e TZ=UTC busybox date",
    "<%= config.bin %> run -it --rootfs ./rootfs /bin/sh",
  ];
  static override usage = ["run [FLAGS] IMAGE [COMMAND...]", "run [FLAGS] --rootfs DIR COMMAND..."];
  static override strict = false;
  static override args = {
    command: remainingArguments("The image, then its command; with --rootfs the command alone."),
  };
  static override flags = {
    detach: Flags.boolean({ char: "d", description: "Leave it running, and print its id." }),
    ...processFlags,
    rm: Flags.boolean({ description: "Remove the container when it ends." }),
    name: Flags.string({ description: "Name of the container." }),
    network: Flags.string({
      aliases: ["net"],
      description: "Network to attach to; --net for short.",
      helpValue: "NETWORK",
    }),
    publish: Flags.string({
      char: "p",
      description: "Publish a port or a range; may be repeated.",
      helpValue: "[[IP:]HOST:]CONTAINER[/udp]",
      ...repeated,
    }),
    "env-file": Flags.string({
      description: "Read variables from a file; may be repeated.",
      helpValue: "FILE",
      ...repeated,
    }),
    volume: Flags.string({
      char: "v",
      description: "Show a path of the host in the container; may be repeated.",
      helpValue: "HOST:CONTAINER[:ro]",
      ...repeated,
    }),
    hostname: Flags.string({ char: "h", description: "Host name inside." }),
    memory: Flags.string({ char: "m", description: "Limit of memory, 512m or 1g.", helpValue: "SIZE" }),
    cpus: Flags.string({ description: "Limit of processor time, 0.5 or 2.", helpValue: "NUMBER" }),
    "cpuset-cpus": Flags.string({ description: "Processors to run on, 0-2,4.", helpValue: "LIST" }),
    label: Flags.string({ char: "l", description: "Label; may be repeated.", helpValue: "KEY=VALUE", ...repeated }),
    entrypoint: Flags.string({ description: "Program to run in place of the image's.", helpValue: "PROGRAM" }),
    rootfs: Flags.string({
      description: "Use a directory as root file system, in place of an image.",
      helpValue: "DIR",
    }),
    ...jsonFlag,
  };

  override async run(): Promise<Container | number> {
    const { args, flags } = await this.parse(Run);
    const words = requireWords(args.command, flags.rootfs);
    if (!flags.detach) requireAttachable(flags, this);
    const spec = await makeRunSpec(flags, words, this.surroundings);
    if (flags.detach) {
      const container = await this.withTsd((tsd) => tsd.containers.runDetached(spec));
      return this.show(container, `${container.id}\n`);
    }
    const code = await this.withTsd((tsd) =>
      runInForeground(tsd, this.surroundings, (onStart) =>
        tsd.containers.run(spec, this.surroundings.streams(), onStart),
      ),
    );
    return this.exitWith(code);
  }
}

function requireAttachable(
  flags: { readonly json: boolean; tty: boolean; interactive: boolean },
  { surroundings }: Run,
): void {
  requireTerminal(flags, surroundings);
  if (!flags.json) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_JSON_NEEDS_DETACH",
    message: "--json prints the container, whose own output would be in the way",
    hint: "Add --detach, or leave out --json.",
  });
}

function requireWords(words: readonly string[] | undefined, rootfs: string | undefined): readonly string[] {
  if (words !== undefined) return words;
  throw new TsdError({
    kind: "invalid-input",
    code: rootfs === undefined ? "TSD_IMAGE_MISSING" : "TSD_COMMAND_MISSING",
    message: rootfs === undefined ? "no image was named" : `no command was given to run in ${rootfs}`,
    hint:
      rootfs === undefined ? "Write tsd run IMAGE; tsd image ls lists images." : "Write tsd run --rootfs DIR COMMAND.",
  });
}
