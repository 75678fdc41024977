import { CompiledFiles } from "./compiled-files.js";

/**
 * What `bin/tsd` runs. It must load on any Node.js that can read CommonJS, however old, so that one which is too old is
 * told so; the command line itself is in a second file, whose compiled code is kept.
 */
const oldestNode = 24;

/** Commands that are two words. */
const OBJECTS = /^(container|image|nat|network|plugin|system)$/;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `tsd: Node.js ${oldestNode} or newer is needed, and ${process.execPath} is ${process.version}\n` +
      "hint: Run script/bootstrap, or set TSD_NODE to the path of a newer node.\n",
  );
  process.exitCode = 1;
} else {
  const [, , first = "", second = ""] = process.argv;
  const files = new CompiledFiles(
    import.meta.dirname,
    "cli",
    OBJECTS.test(first) ? `${first}-${second}` : first,
    require,
  );
  const { main } = files.load("cli.cjs") as typeof import("./cli.js");
  void main().then(() => {
    // What failed may have been no command: its words must not become names of files.
    if (!process.exitCode) files.keep();
  });
}
