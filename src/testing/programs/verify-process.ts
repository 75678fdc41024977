/**
 * Verifies an extension in a process of its own, so that what the extension does to the process harms nothing else. Its argument
 * is a {@link VerifyRequest}. On descriptor 3 it writes a line of JSON for each case that begins and each result.
 */
import { writeSync } from "node:fs";
import { TsdError, type TsdErrorInit } from "../../errors/tsd-error.js";
import { loadSubject } from "../load-extension.js";
import { runChapters } from "../run-chapters.js";
import { suitesOf } from "../suites.js";
import type { VerifyMessage, VerifyRequest } from "../verify-messages.js";

function send(message: VerifyMessage): void {
  writeSync(3, `${JSON.stringify(message)}\n`);
}

function initOf({ kind, code, message, hint }: TsdError): TsdErrorInit {
  return { kind, code, message, ...(hint === undefined ? {} : { hint }) };
}

function failed(cause: unknown): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_VERIFICATION_FAILED",
    message: `the plug-in ${module} could not be verified: ${(cause as Partial<Error> | undefined)?.message ?? cause}`,
    cause,
  });
}

async function main(): Promise<void> {
  const { module, options, noLab }: VerifyRequest = JSON.parse(process.argv[2] ?? "{}");
  try {
    const loaded = await loadSubject(module);
    const verification = { ...loaded.verification, ...options };
    const request = { ...loaded, module, verification, ...(noLab === undefined ? {} : { noLab }) };
    for await (const { subject, chapters } of suitesOf(request)) {
      for await (const result of runChapters(subject, chapters, (begun) => send({ begun }))) send({ result });
    }
    send({ done: true });
  } catch (error) {
    send({ failure: initOf(TsdError.is(error) ? error : failed(error)) });
  }
  process.exit();
}

void main();
