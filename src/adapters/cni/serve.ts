import type { Tsd } from "../../api/index.js";
import { cniVersions } from "../../contracts/cni-version.js";
import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";
import { add, check, collect, del, type Request, status } from "./attachments.js";
import { type Call, type Environment, readCall } from "./call.js";
import { type Config, readConfig } from "./config.js";
import { Delegate, type RunProgram } from "./delegate.js";
import { errorResult } from "./errors.js";
import { newestVersion } from "./versions.js";

/** What a plug-in has of the world. */
export interface Surroundings {
  readonly env: Environment;
  /** Reads standard input to its end. */
  readonly input: () => string;
  readonly open: () => Promise<Tsd>;
  readonly run: RunProgram;
}

export interface Reply {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** One call of the plug-in (SPEC.md, "Execution protocol"). Never rejects: what fails is an error in JSON. */
export async function serve(surroundings: Surroundings): Promise<Reply> {
  // A person has started it.
  if (!surroundings.env.CNI_COMMAND) return { stdout: "", stderr: about, exitCode: 0 };
  let version: string = newestVersion;
  try {
    const call = readCall(surroundings.env);
    if (call.command === "VERSION") return printed(JSON.stringify(versionsFor(surroundings)));
    const config = readConfig(readInput(surroundings), call.command);
    version = config.version;
    return printed(await perform(call, config, surroundings));
  } catch (error) {
    return { stdout: `${JSON.stringify(errorResult(error, version))}\n`, stderr: "", exitCode: 1 };
  }
}

const about = `tsd as a plug-in of CNI, versions ${cniVersions.join(", ")}; container runtimes call it.\n`;

const verbs: Readonly<Record<Exclude<Call["command"], "VERSION">, (tsd: Tsd, request: Request) => Promise<string>>> = {
  ADD: add,
  DEL: del,
  CHECK: check,
  GC: collect,
  STATUS: status,
};

async function perform(call: Call, config: Config, { open, run }: Surroundings): Promise<string> {
  const delegate = config.ipam === undefined ? undefined : new Delegate(config.ipam, run, { call, config });
  using tsd = await open();
  return call.command === "VERSION" ? "" : await verbs[call.command](tsd, { call, config, delegate });
}

/** The runtime's own version back, whatever it is. */
function versionsFor({ input }: Surroundings): object {
  let cniVersion: unknown;
  try {
    ({ cniVersion } = JSON.parse(input()));
  } catch {
    // Runtimes of old say nothing here.
  }
  const version = typeof cniVersion === "string" ? printable(cniVersion) : newestVersion;
  return { cniVersion: version, supportedVersions: cniVersions };
}

function readInput({ input }: Surroundings): string {
  try {
    return input();
  } catch (cause) {
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_CNI_INPUT",
      message: `standard input cannot be read: ${(cause as Error).message}`,
      hint: "A container runtime writes the network configuration there.",
      cause,
    });
  }
}

function printed(text: string): Reply {
  return { stdout: text === "" ? "" : `${text}\n`, stderr: "", exitCode: 0 };
}
