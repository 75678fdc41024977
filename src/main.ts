import { enableCompileCache } from "./compile-cache.js";

/**
 * What `bin/tsd` runs. It must load on any Node.js that can read CommonJS, however old, so that one which is too old is
 * told so; the command line itself is in a second file, whose compiled code comes from a cache.
 */
const oldestNode = 24;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `tsd: Node.js ${oldestNode} or newer is needed, and ${process.execPath} is ${process.version}\n` +
      "hint: Run script/bootstrap, or set TSD_NODE to the path of a newer node.\n",
  );
  process.exitCode = 1;
} else {
  enableCompileCache(import.meta.dirname);
  void import("./cli.js").then(({ main }) => main());
}
