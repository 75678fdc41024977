import { createWriteStream } from "node:fs";
import { Flags } from "@oclif/core";
import { absolutePath } from "./absolute-path.js";
import { argument } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";
import { writeStream } from "./write-stream.js";

export default class Export extends TsdCommand {
  static override description =
    "Writes a container's files, without what is mounted in them, as a tar that tsd image import reads.";
  static override examples = ["<%= config.bin %> export --output www.tar www", "<%= config.bin %> export www | tar -t"];
  static override args = { container: argument("Name or id of a container.") };
  static override flags = {
    output: Flags.string({ char: "o", description: "Path of the tar; default standard output.", helpValue: "FILE" }),
    ...changeFlags,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Export);
    await this.withTsd(async (tsd) => {
      const archive = await tsd.containers.exportFiles(args.container);
      if (flags.output === undefined || this.dryRun)
        return this.dryRun ? void archive.destroy() : writeStream(archive, this.surroundings);
      const { pipeline } = await import("node:stream/promises");
      await pipeline(archive, createWriteStream(absolutePath(flags.output, this.surroundings), { mode: 0o600 }));
    });
  }
}
