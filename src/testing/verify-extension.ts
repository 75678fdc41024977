import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { TsdError } from "../errors/tsd-error.js";
import { ownProgram } from "../installation.js";
import type { CaseResult } from "./chapter.js";
import { privately } from "./private-namespaces.js";
import type { VerifyMessage, VerifyRequest } from "./verify-messages.js";
import type { VerifyOptions } from "./verify-options.js";

/** Milliseconds without a word after which a case counts as hung. In the long form one case is hundreds of kills. */
const PATIENCE = { short: 180_000, long: 1_800_000 } as const;

/**
 * Verifies an extension, and yields what became of each case as it is known. `module` is the path or the URL of a module whose
 * default export is the extension, a folder with a package.json, or the name of a driver of tsd's own. As root, everything
 * happens in namespaces that are made for it, and the machine stays as it is; other users get what needs no kernel. Throws
 * `plugin` for a module that cannot be loaded.
 */
export async function* verifyExtension(
  module: string | URL,
  options: VerifyOptions = {},
): AsyncGenerator<CaseResult, void, undefined> {
  const path = typeof module === "string" && !module.startsWith("file:") ? module : fileURLToPath(module);
  const child = start({ module: path, options });
  let begun: Pick<CaseResult, "subject" | "chapter" | "name"> | undefined;
  const watch = new Watch(child, options.long === true ? PATIENCE.long : PATIENCE.short);
  try {
    for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
      watch.restart();
      const message = JSON.parse(line) as VerifyMessage;
      if ("done" in message) return;
      if ("failure" in message) throw new TsdError(message.failure);
      if ("begun" in message) begun = message.begun;
      else {
        begun = undefined;
        yield message.result;
      }
    }
    if (begun === undefined) throw endedEarly(path);
    const why = watch.hung ? `it did not return within ${watch.patience / 1000} s` : "the process ended while it ran";
    yield { ...begun, outcome: "failed", why, took: 0 };
  } finally {
    watch.stop();
    child.kill("SIGKILL");
  }
}

/** Kills a process that says nothing for too long. */
class Watch {
  hung = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly child: ChildProcess,
    readonly patience: number,
  ) {
    this.restart();
  }

  restart(): void {
    this.stop();
    this.timer = setTimeout(() => {
      this.hung = true;
      this.child.kill("SIGKILL");
    }, this.patience);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

function start(request: VerifyRequest): ChildProcess {
  const isRoot = process.geteuid?.() === 0;
  const noLab = "it needs namespaces of its own, which root alone can make: run it as root";
  const argument = JSON.stringify(isRoot ? request : { ...request, noLab });
  const kit = ownProgram("verify-process");
  const program = [...kit, argument];
  const files = [...kit, request.module].filter((path) => existsSync(path));
  const [file = "", ...args] = isRoot ? privately(program, files) : program;
  // What the extension prints is not the report.
  return spawn(file, args, { stdio: ["ignore", "ignore", "inherit", "pipe"] });
}

function endedEarly(path: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_VERIFICATION_ENDED",
    message: `the verification of ${path} ended before its first case`,
    hint: "Load the plug-in with node by itself: it may end the process.",
  });
}
