import { Flags } from "@oclif/core";
import type { Container, ContainerSpec } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { cidFileFlag, withCidFile } from "./cid-file.js";
import { remainingArguments } from "./definitions.js";
import { requireTerminal, runInForeground, sigProxyFlag } from "./foreground.js";
import { containerFlags } from "./new-container/flags.js";
import { makeContainerSpec, requireWords } from "./new-container/spec.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

type NoteId = (id: string) => void;

export default class Run extends TsdCommand {
  static override description =
    "Flags after the image belong to the command. The exit code is the command's; 125 means that tsd failed, 126 that the command cannot be run, 127 that it does not exist.";
  static override examples = [
    "<%= config.bin %> run -it --rm --net web busybox sh",
    "<%= config.bin %> run -d --name www --net web -p 8080:80 busybox httpd -f",
    "<%= config.bin %> run --rm --net name=web,ip=10.10.10.9,alias=www --net back busybox ip addr",
    "<%= config.bin %> run --rm -it --net container:www busybox sh",
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
    ...containerFlags,
    ...cidFileFlag,
    ...sigProxyFlag,
    ...changeFlags,
  };

  override async run(): Promise<Container | number> {
    const { args, flags } = await this.parse(Run);
    const words = requireWords(args.command, flags.rootfs);
    if (!flags.detach && !this.dryRun) requireAttachable(flags, this);
    const spec = await makeContainerSpec(flags, words, this.surroundings);
    const cidFile = this.dryRun ? undefined : flags.cidfile;
    return withCidFile<Container | number>(cidFile, this.surroundings, (noteId) =>
      flags.detach ? this.detach(spec, noteId) : this.stay(spec, flags["sig-proxy"], noteId),
    );
  }

  private async detach(spec: ContainerSpec, noteId: NoteId): Promise<Container> {
    const container = await this.withTsd((tsd) => tsd.containers.runDetached(spec));
    noteId(container.id);
    return this.show(container, `${container.id}\n`);
  }

  private async stay(spec: ContainerSpec, passesSignals: boolean, noteId: NoteId): Promise<number> {
    const code = await this.withTsd((tsd) =>
      runInForeground(tsd, this.surroundings, { passesSignals }, (onStart) => {
        const streams = this.surroundings.streams();
        return tsd.containers.run(spec, {
          streams,
          onStart: (container) => {
            noteId(container.id);
            onStart(container);
          },
        });
      }),
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
