import { Flags } from "@oclif/core";
import type { Tsd } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { byteSize } from "../presenters/byte-size.js";
import { type CopySide, parseCopySide } from "./copy-argument.js";
import { argument } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";
import { writeStream } from "./write-stream.js";

interface Copy {
  readonly source: CopySide;
  readonly destination: CopySide;
  readonly options: { readonly keepOwner: boolean; readonly follow: boolean };
}

export default class Cp extends TsdCommand {
  static override description =
    "Copies a file or a directory to or from a container, running or not. A directory that exists takes in what is copied; SRC/. is what is in SRC. In place of a path of this machine, - is a tar on standard input or output.";
  static override examples = [
    "<%= config.bin %> cp www:/etc/hosts .",
    "<%= config.bin %> cp ./site/. www:/www",
    "<%= config.bin %> cp db:/var/lib/data - | tar -t",
  ];
  static override usage = ["cp [FLAGS] CONTAINER:PATH PATH|-", "cp [FLAGS] PATH|- CONTAINER:PATH"];
  static override args = {
    source: argument("What is copied."),
    destination: argument("Where it is copied to."),
  };
  static override flags = {
    archive: Flags.boolean({ char: "a", description: "Keep owners; else what is copied belongs to root." }),
    "follow-link": Flags.boolean({ char: "L", description: "Copy what a symbolic link SRC leads to." }),
    quiet: Flags.boolean({ char: "q", description: "Say nothing of what was copied." }),
    ...changeFlags,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Cp);
    const copy = {
      source: this.onHost(parseCopySide(args.source)),
      destination: this.onHost(parseCopySide(args.destination)),
      options: { keepOwner: flags.archive, follow: flags["follow-link"] },
    };
    const bytes = await this.withTsd((tsd) => this.copy(tsd, copy));
    if (bytes === undefined || flags.quiet || this.dryRun || !this.surroundings.isTerminal(1)) return;
    this.printError(`Successfully copied ${byteSize(bytes)} to ${args.destination}\n`);
  }

  /** Returns bytes of files, where that is of interest. */
  private async copy(tsd: Tsd, { source, destination, options }: Copy): Promise<number | undefined> {
    const { containers } = tsd;
    if (source.container !== undefined && destination.container !== undefined) throw notOne("both are");
    if (source.container !== undefined) {
      if (destination.path !== "-")
        return containers.copyToHost(source.container, source.path, destination.path, options);
      const { archive } = await containers.copyOut(source.container, source.path, options);
      await writeStream(archive, this.surroundings);
      return undefined;
    }
    if (destination.container === undefined) throw notOne("neither is");
    if (source.path !== "-")
      return containers.copyFromHost(destination.container, source.path, destination.path, options);
    const { stdin } = this.surroundings.streams();
    await containers.copyIn(destination.container, destination.path, stdin as AsyncIterable<Buffer>);
    return undefined;
  }

  /** An absolute path says no more whether it ends in a slash or a dot. */
  private onHost({ container, path }: CopySide): CopySide {
    if (container !== undefined || path === "-" || path.startsWith("/"))
      return { ...(container === undefined ? {} : { container }), path };
    return { path: `${this.surroundings.cwd}/${path}${path === "." ? "/." : ""}` };
  }
}

function notOne(which: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_COPY_SIDES",
    message: `one of source and destination must be a container's, and ${which}`,
    hint: "Write CONTAINER:PATH for one of them. Between containers: tsd cp a:/x - | tsd cp - b:/",
  });
}
