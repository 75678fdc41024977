import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "./inheritance.js";

/** Debian's package for each program that tsd runs, for the hint when it is missing. */
const packages: Readonly<Record<string, string>> = {
  nft: "nftables",
  iptables: "iptables",
  crun: "crun",
  runc: "runc",
  conmon: "conmon",
  conntrack: "conntrack",
  tar: "tar",
  setpriv: "util-linux",
  setsid: "util-linux",
  tcpdump: "tcpdump",
};

export interface ExecOptions {
  /** Text for standard input, which is then a file. */
  readonly input?: string;
  /**
   * Takes standard output in place of a pipe, and standard error is dropped: the program is over when it exits, whatever that
   * it has started still holds.
   */
  readonly output?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds; default 60 000. */
  readonly timeout?: number;
  /** It changes nothing. */
  readonly reads?: boolean;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, without a shell. Throws `unsupported` naming the package where the program is missing, and
 * `runtime` with the first line of its standard error where it fails.
 */
export async function exec(file: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const { input } = options;
  const what = () => [file, ...args].join(" ") + (input === undefined ? "" : ` <<< ${input}`);
  const step = { into: "program", what, reads: options.reads ?? false } as const;
  const work = async () => {
    if (input === undefined) return execute(file, args, options, "ignore");
    const { withMemoryFile } = await import("./memory-file.js");
    return withMemoryFile(input, (stdin) => execute(file, args, options, stdin));
  };
  const result = await boundaryOperation(step, work, ({ failed, exitCode, code }) =>
    failed ? `refused: ${code ?? `exit code ${exitCode}`}` : undefined,
  );
  if (!result.failed) return { stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
  if (result.code === "ENOENT") throw missingProgram(file);
  const said = result.stderr?.trim().split("\n")[0] || result.shortMessage;
  throw new TsdError({
    kind: "runtime",
    code: "TSD_EXEC_FAILED",
    message: `${file} failed: ${said}`,
    details: {
      argv: [file, ...args],
      exitCode: result.exitCode,
      signal: result.signal,
      stdout: result.stdout,
      stderr: result.stderr,
    },
    cause: result,
  });
}

async function execute(
  file: string,
  args: readonly string[],
  { timeout = 60_000, env = {}, cwd = "/", output }: ExecOptions,
  stdin: "ignore" | number,
) {
  // Any descriptor will do; execa's types know those up to 9.
  const descriptor = stdin as "ignore" | 9;
  const outputs = output === undefined ? {} : ({ stdout: output as 9, stderr: "ignore" } as const);
  const { execa } = await import("execa");
  return execa(file, args, {
    reject: false,
    timeout,
    stdin: descriptor,
    ...outputs,
    env: inheritance(env),
    extendEnv: false,
    // The caller's own may be gone.
    cwd,
  });
}

export function missingProgram(file: string): TsdError {
  const name = file.split("/").at(-1) ?? file;
  const debianPackage = packages[/^ip6?tables/.test(name) ? "iptables" : name];
  return new TsdError({
    kind: "unsupported",
    code: "TSD_PROGRAM_MISSING",
    message: `the program ${file} is not installed`,
    ...(debianPackage === undefined ? {} : { hint: `Install it: apt-get install ${debianPackage}` }),
    details: { program: file },
  });
}
