import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Absent } from "../benchmark.ts";
import { type Argv, read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, type Tool } from "./tool.ts";

/** How tsd runs: as bin/tsd starts it, or by Node.js in any case. */
export type Form = "tsd" | "tsd on Node.js";

let opened = 0;

/** Brings up tsd with state directories of its own. */
export function openTsdTool(lab: Lab, name: Form = "tsd"): Tool | Absent {
  if (!existsSync(join(lab.project, "dist/tsd.cjs"))) return { name, reason: "not built: run script/bootstrap" };
  const own = `tsd${++opened}`;
  const states = { TSD_ROOT: join(lab.work, own), TSD_RUN: `/run/${own}` };
  const env = { ...lab.env, ...states, ...(name === "tsd" ? {} : { TSD_NODE: process.execPath }) };
  const command: Argv = [join(lab.project, "bin/tsd")];
  try {
    read([...command, "image", "import", lab.archive, IMAGE], { env });
  } catch (error) {
    return { name, reason: `image import failed: ${complaintOf(error)}` };
  }
  return { name, command, removeOptions: [], env, close: () => undefined };
}
