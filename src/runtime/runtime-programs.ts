import { accessSync, constants } from "node:fs";
import { basename } from "node:path";
import { TsdError } from "../errors/tsd-error.js";
import { programPath } from "../kernel/programs/program-path.js";
import type { Bundle } from "./bundle.js";
import type { Cgroups } from "./cgroup-mode.js";
import { RUNTIME } from "./oci-spec.js";
import { RuntimeProgram } from "./runtime-program.js";

/** The OCI runtimes of a machine: one for new containers, and for each that runs the one that made it. */
export class RuntimePrograms {
  private readonly found = new Map<string | undefined, RuntimeProgram>();

  constructor(
    /** Name or path; absent: crun, else runc. */
    private readonly preferred: string | undefined,
    private readonly cgroups: Cgroups,
  ) {}

  /** By name or path; undefined: the one for new containers. Throws `unsupported` naming the package. */
  named(wanted: string | undefined): RuntimeProgram {
    const name = wanted ?? this.preferred;
    const known = this.found.get(name);
    if (known !== undefined) return known;
    const path = name === undefined ? programPath("crun", "runc") : programPath(name);
    const program = new RuntimeProgram(path, this.cgroups);
    this.found.set(name, program);
    return program;
  }

  /** What a container is to remember: the words it was asked for with, or the name of the one that was found. */
  choose(wanted: string | undefined): string {
    const program = this.named(wanted);
    return wanted ?? this.preferred ?? program.name;
  }

  /** The one that made a container, which may be gone. Containers of an earlier version did not note it. */
  of(bundle: Bundle): RuntimeProgram {
    const path = bundle.readConfig()?.annotations?.[RUNTIME];
    return path === undefined ? this.named(undefined) : new RuntimeProgram(path, this.cgroups);
  }

  /** The same. Throws `unsupported` where it is gone. */
  requireOf(bundle: Bundle): RuntimeProgram {
    const program = this.of(bundle);
    try {
      accessSync(program.path, constants.X_OK);
    } catch (cause) {
      throw gone(bundle, program, cause);
    }
    return program;
  }
}

function gone({ id }: Bundle, { path }: RuntimeProgram, cause: unknown): TsdError {
  const name = basename(path);
  return new TsdError({
    kind: "unsupported",
    code: "TSD_RUNTIME_GONE",
    message: `container ${id.slice(0, 12)} runs by ${path}, which is not installed any more`,
    hint: /^(crun|runc)$/.test(name)
      ? `Install it again: apt-get install ${name}; tsd stop works without it.`
      : `Put ${path} back; tsd stop works without it.`,
    details: { container: id, path },
    cause,
  });
}
