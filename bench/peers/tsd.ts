import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Absent } from "../benchmark.ts";
import { type Argv, read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, type Tool } from "./tool.ts";

/** How tsd runs: by Node.js, or as one executable. */
export type Form = "tsd" | "tsd, the executable";

const forms: Readonly<Record<Form, { readonly program: string; readonly needs: string; readonly made: string }>> = {
  tsd: { program: "bin/tsd", needs: "dist/tsd.cjs", made: "script/bootstrap" },
  "tsd, the executable": {
    program: ".runtime/executable/tsd",
    needs: ".runtime/executable/tsd",
    made: "script/standalone",
  },
};

let opened = 0;

/** Brings up tsd with state directories of its own. */
export function openTsdTool(lab: Lab, name: Form = "tsd"): Tool | Absent {
  const { program, needs, made } = forms[name];
  if (!existsSync(join(lab.project, needs))) return { name, reason: `not built: run ${made}` };
  const own = `tsd${++opened}`;
  const env = { ...lab.env, TSD_ROOT: join(lab.work, own), TSD_RUN: `/run/${own}`, TSD_NODE: process.execPath };
  const command: Argv = [join(lab.project, program)];
  try {
    read([...command, "image", "import", lab.archive, IMAGE], { env });
  } catch (error) {
    return { name, reason: `image import failed: ${complaintOf(error)}` };
  }
  return { name, command, removeOptions: [], env, close: () => undefined };
}
