import { type ChildProcess, spawn } from "node:child_process";
import { isEmulated } from "./emulation.js";

export interface ProgramOptions {
  /** Text for standard input, which then ends; absent leaves it empty. */
  readonly input?: string;
  /** The whole environment; default `PATH` alone. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds until SIGKILL; default 20 000, and 120 000 under emulation. */
  readonly timeout?: number;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + n after signal n. */
  readonly code: number;
}

const signals: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 };

/** A program that runs: write to it, wait for what it says, wait for its end. */
export class Program {
  readonly ended: Promise<Output>;
  readonly #child: ChildProcess;
  readonly #argv: readonly string[];
  #stdout = "";
  #stderr = "";

  constructor(argv: readonly string[], options: ProgramOptions = {}) {
    const [file = "", ...args] = argv;
    this.#argv = argv;
    this.#child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? { PATH: process.env.PATH ?? "" },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeout ?? (isEmulated ? 120_000 : 20_000),
      killSignal: "SIGKILL",
    });
    this.#child.stdout?.on("data", (chunk) => {
      this.#stdout += chunk;
    });
    this.#child.stderr?.on("data", (chunk) => {
      this.#stderr += chunk;
    });
    // A program may end without reading what it was sent.
    this.#child.stdin?.on("error", () => undefined);
    if (options.input !== undefined) this.#child.stdin?.end(options.input);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code, signal) => {
        resolve({ stdout: this.#stdout, stderr: this.#stderr, code: code ?? 128 + (signals[signal ?? ""] ?? 0) });
      });
    });
    this.ended.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  closeInput(): void {
    this.#child.stdin?.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until standard output holds `text`; throws with all that was said when the program ends first. */
  async saying(text: string | RegExp): Promise<string> {
    const said = (): boolean => (typeof text === "string" ? this.#stdout.includes(text) : text.test(this.#stdout));
    let running = true;
    const ended = this.ended.then(() => {
      running = false;
    });
    while (!said() && running) {
      await Promise.race([ended, new Promise((resolve) => this.#child.stdout?.once("data", resolve))]);
    }
    if (said()) return this.#stdout;
    throw new Error(`${this.#argv.join(" ")} ended without saying ${text}:\n${this.#stdout}${this.#stderr}`);
  }
}

/** Runs a program to its end. */
export async function runProgram(argv: readonly string[], options: ProgramOptions = {}): Promise<Output> {
  return await new Program(argv, { input: "", ...options }).ended;
}

/** Runs a program that must succeed, and returns its standard output. */
export async function mustRun(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { stdout, stderr, code } = await runProgram(argv, options);
  if (code !== 0) throw new Error(`${argv.join(" ")} exited with ${code}:\n${stderr}${stdout}`);
  return stdout;
}
