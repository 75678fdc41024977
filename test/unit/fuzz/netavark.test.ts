import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { runNetavark } from "../../../src/adapters/netavark/run-netavark.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { anyText, fuzz, garbled } from "../../support/fuzz.js";
import { recorded } from "../adapters/netavark/recorded.js";

const marks = '{}[]":,0-/. \\ntrufalse';
const { input } = recorded;
const created = {
  network: { ...input.network_info.pn, subnets: null },
  used: { interfaces: [], names: {}, subnets: ["10.1.0.0/16"] },
  options: { subnet_pools: [{ base: "10.89.0.0/16", size: 24 }], check_used_subnets: true },
};

/** Replaces one value, anywhere in a document. */
function withOther(document: unknown, [at, value]: readonly [number, unknown]): unknown {
  let left = at;
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(document);
}

async function call(argv: readonly string[], text: string): Promise<void> {
  let stdout = "";
  const code = await runNetavark(argv, {
    open: async () => {
      throw new TsdError({ kind: "store", code: "TSD_TEST", message: "out of reach" });
    },
    startDaemon: async () => 0,
    read: () => text,
    exists: () => true,
    writeOut: (written) => {
      stdout += written;
    },
    writeError: () => undefined,
    links: () => [],
    env: {},
    version: "0",
  });
  if (code === 0) return;
  expect(stdout.split("\n")).toEqual([expect.any(String), ""]);
  const reply = JSON.parse(stdout);
  expect(reply).toEqual({ error: expect.stringMatching(/./) });
  expect(reply.error).not.toMatch(/internal error/);
}

describe("podman gets one object that says why, whatever it says to", () => {
  const flags = ["--config", "/nonexistent"];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom("", "::", "10.0.0.0/33", 1e300, -1, "__proto__"),
  );
  const other = fc.tuple(fc.nat({ max: 60 }), value);
  for (const [command, document] of [
    [["setup", "/run/netns/a"], input],
    [["teardown", "/run/netns/a"], input],
    [["create"], created],
  ] as const) {
    fuzz(`netavark ${command[0]}, garbled`, garbled(fc.constant(JSON.stringify(document)), marks), (text) =>
      call([...flags, ...command], text),
    );
    fuzz(`netavark ${command[0]}, with other values`, other, (change) =>
      call([...flags, ...command], JSON.stringify(withOther(document, change))),
    );
  }
  fuzz(
    "the command line of netavark",
    fc.array(fc.oneof(anyText("-=/"), fc.constantFrom("-f", "--config", "version", "-r=true"))),
    (argv) => call(argv, "{}"),
  );
});
