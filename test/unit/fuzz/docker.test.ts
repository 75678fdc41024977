import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { reply } from "../../../src/adapters/docker/reply.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { anyText, fuzz, garbled } from "../../support/fuzz.js";
import { recorded } from "../adapters/docker/recorded.js";

const marks = '{}[]":,0-/. \\ntrufalse';

async function call(method: string, text: string): Promise<void> {
  const { status, body } = await reply(`/NetworkDriver.${method}`, text, {
    driver: "bridge",
    report: () => undefined,
    open: async () => {
      throw new TsdError({ kind: "store", code: "TSD_TEST", message: "out of reach" });
    },
  });
  expect([200, 400]).toContain(status);
  expect(body).toEqual({ Err: expect.stringMatching(/^\P{Cc}+$/u) });
}

describe("docker gets one sentence, whatever it sends", () => {
  for (const method of ["CreateNetwork", "CreateEndpoint", "Join", "ProgramExternalConnectivity"] as const) {
    const document = JSON.stringify(recorded[method]);
    fuzz(`docker's ${method}, garbled`, garbled(fc.constant(document), marks), (text) => call(method, text));
  }
  fuzz("docker's bodies", anyText(marks), (text) => call("Join", text));
});
