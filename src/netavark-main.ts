import { CompiledFiles } from "./compiled-files.js";

/** What `share/podman/netavark` runs. Like main.ts it loads on any Node.js, and leaves the work to a file whose compiled code is kept. */
const oldestNode = 24;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  const error = `tsd needs Node.js ${oldestNode} or newer, and ${process.execPath} is ${process.version}: set TSD_NODE to a newer one`;
  process.stdout.write(`${JSON.stringify({ error })}\n`);
  process.exitCode = 1;
} else {
  const [, , purpose = ""] = process.argv;
  const files = new CompiledFiles(import.meta.dirname, "netavark", purpose, require);
  const { main } = files.load("netavark.cjs") as typeof import("./netavark.js");
  void main().then(() => {
    if (!process.exitCode) files.keep();
  });
}
