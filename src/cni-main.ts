import { CompiledFiles } from "./compiled-files.js";

/** What `bin/tsd-cni` runs. Like main.ts it loads on any Node.js, and leaves the work to a file whose compiled code is kept. */
const oldestNode = 24;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  const msg = `Node.js ${oldestNode} or newer is needed, and ${process.execPath} is ${process.version}`;
  const details = "Set TSD_NODE to the path of a newer node.";
  process.stdout.write(`${JSON.stringify({ cniVersion: "1.0.0", code: 50, msg, details })}\n`);
  process.exitCode = 1;
} else {
  const { CNI_COMMAND: purpose = "" } = process.env;
  const files = new CompiledFiles(import.meta.dirname, "cni", purpose, require);
  const { main } = files.load("cni.cjs") as typeof import("./cni.js");
  void main().then(() => {
    if (!process.exitCode) files.keep();
  });
}
