import { Flags } from "@oclif/core";
import type { Container, ContainerSpec } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { attachedStreams, parseAttached } from "./attached-streams.js";
import { cidFileFlag, withCidFile } from "./cid-file.js";
import { detachKeysFlag, remainingArguments, repeated, signalProxyFlag } from "./definitions.js";
import { type ForegroundSession, requireTerminal, runInForeground } from "./foreground.js";
import { containerFlags } from "./new-container/flags.js";
import { withImage } from "./new-container/pulling.js";
import { makeContainerSpec, requireWords } from "./new-container/spec.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

interface Request {
  readonly spec: ContainerSpec;
  readonly wanted: Parameters<typeof withImage>[1];
  readonly noteId: (id: string) => void;
}

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
    attach: Flags.string({
      char: "a",
      description: "Attach only to stdin, stdout or stderr; may be repeated.",
      helpValue: "STREAM",
      ...repeated,
    }),
    ...signalProxyFlag,
    ...detachKeysFlag,
    ...containerFlags,
    ...cidFileFlag,
    ...changeFlags,
  };

  override async run(): Promise<Container | number> {
    const { args, flags } = await this.parse(Run);
    const words = requireWords(args.command, flags.rootfs);
    if (!flags.detach && !this.dryRun) requireAttachable(flags, this);
    const attached = parseAttached(flags.attach);
    if (flags.detach && flags.attach !== undefined) throw attachDetached();
    const spec = await makeContainerSpec(flags, words, this.surroundings);
    const cidFile = this.dryRun ? undefined : flags.cidfile;
    return withCidFile<Container | number>(cidFile, this.surroundings, (noteId) => {
      const wanted = { flags, image: spec.image, surroundings: this.surroundings, dryRun: this.dryRun };
      const request: Request = { spec, wanted, noteId };
      if (flags.detach) return this.detach(request);
      return this.stay(request, attached, {
        tty: flags.tty,
        sigProxy: flags["sig-proxy"] ?? true,
        detachKeys: flags["detach-keys"],
        say: (text) => this.printError(text),
      });
    });
  }

  private async detach({ spec, wanted, noteId }: Request): Promise<Container> {
    const container = await this.withTsd((tsd) => withImage(tsd, wanted, () => tsd.containers.runDetached(spec)));
    noteId(container.id);
    return this.show(container, `${container.id}\n`);
  }

  private async stay(
    { spec, wanted, noteId }: Request,
    attached: ReturnType<typeof parseAttached>,
    session: Omit<ForegroundSession, "tsd">,
  ): Promise<number> {
    const code = await this.withTsd((tsd) =>
      withImage(tsd, wanted, () =>
        runInForeground(this.surroundings, { tsd, ...session }, (options) =>
          tsd.containers.run(spec, {
            ...options,
            onStart: (container) => {
              noteId(container.id);
              options.onStart?.(container);
            },
            streams: attachedStreams(() => this.surroundings.streams(), attached),
          }),
        ),
      ),
    );
    return this.exitWith(code);
  }
}

function attachDetached(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ATTACH_DETACHED",
    message: "--attach and --detach contradict each other",
    hint: "Leave one of them out.",
  });
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
