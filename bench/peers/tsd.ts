import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Absent } from "../benchmark.ts";
import { read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, type Tool } from "./tool.ts";

/** Brings up tsd, as bin/tsd starts it, with a state directory of its own. */
export function openTsdTool(lab: Lab): Tool | Absent {
  const program = join(lab.project, "bin/tsd");
  if (!existsSync(join(lab.project, "dist/tsd.cjs"))) return { name: "tsd", reason: "not built: run script/bootstrap" };
  const env = { ...lab.env, TSD_ROOT: join(lab.work, "tsd"), TSD_RUN: "/run/tsd" };
  try {
    read([program, "image", "import", lab.archive, IMAGE], { env });
  } catch (error) {
    return { name: "tsd", reason: `image import failed: ${complaintOf(error)}` };
  }
  return { name: "tsd", command: [program], removeOptions: [], env, close: () => undefined };
}
