import { spawn } from "node:child_process";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "../programs/inheritance.js";
import { ending } from "../programs/spawn.js";

/**
 * Copies what is in an open directory, and its own owner, mode and times, to a new one: with all attributes, hard links and holes.
 * A copy that outlives its tsd would write on where others tidy up, so it dies with it.
 */
export async function copyTree(directory: number, to: string): Promise<void> {
  const args = ["--pdeathsig", "KILL", "cp", "--archive", "--no-target-directory", "/proc/self/fd/0/.", to];
  await boundaryOperation({ into: "program", what: () => `cp --archive to ${to}` }, async () => {
    const program = spawn("setpriv", args, {
      stdio: [directory, "ignore", "pipe"],
      env: { ...inheritance(), LC_ALL: "C" },
    });
    let said = "";
    program.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (said.length < SAID_MAX) said += text;
    });
    if ((await ending(program, "cp", "close")) === 0) return;
    throw new TsdError({
      kind: "runtime",
      code: "TSD_VOLUME_FILL_FAILED",
      message: `a volume cannot be filled: ${said.trim().split("\n")[0]}`,
      hint: "Make room on the disk of TSD_ROOT, or leave the volume empty with the option nocopy.",
      details: { to, stderr: said },
    });
  });
}

const SAID_MAX = 65_536;
