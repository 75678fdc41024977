import type { ProcessList } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { programPath } from "../kernel/programs/program-path.js";
import { collect } from "../kernel/programs/spawn.js";

/** docker's. */
const DEFAULT_OPTIONS: readonly string[] = ["-ef"];

/** What ps(1) of the host lists of these processes. Throws `invalid-input` where it does not accept the options. */
export async function listProcesses(pids: readonly number[], options: readonly string[]): Promise<ProcessList> {
  const words = options.length === 0 ? DEFAULT_OPTIONS : options;
  const { code, stdout, stderr } = await collect(programPath("ps"), words, { reads: true });
  if (code !== 0) throw refused(words, stderr.trim().split("\n")[0] ?? "");
  return selectProcesses(stdout, pids) ?? refuseWithoutPids(words);
}

/** Of a listing whose first line names its columns, of which the last may hold blanks; undefined where none is `PID`. */
export function selectProcesses(listing: string, pids: readonly number[]): ProcessList | undefined {
  const [heading = "", ...lines] = listing.split("\n");
  const titles = heading.trim().split(/\s+/);
  const column = titles.indexOf("PID");
  if (column < 0) return undefined;
  const wanted = new Set(pids.map(String));
  const processes = lines.map((line) => fields(line, titles.length)).filter((one) => wanted.has(one[column] ?? ""));
  return { titles, processes };
}

function fields(line: string, count: number): readonly string[] {
  const words = line.trim().split(/\s+/);
  const last = words.slice(count - 1).join(" ");
  return [...words.slice(0, count - 1), last];
}

function refused(options: readonly string[], said: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PS_REFUSED",
    message: `ps ${options.join(" ")} of the host failed: ${said}`,
    hint: "Give options of ps(1), such as aux or -eo pid,ppid,args.",
    details: { options },
  });
}

function refuseWithoutPids(options: readonly string[]): never {
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_PS_NO_PID",
    message: `ps ${options.join(" ")} has no column PID, by which a container's processes are found`,
    hint: "Add it: -eo pid,args.",
    details: { options },
  });
}
