import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { commands } from "../../../src/adapters/cni/call.js";
import { serve } from "../../../src/adapters/cni/serve.js";
import type { ErrorKind, Tsd } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { anyText, fuzz } from "../../support/fuzz.js";

const keys = [
  ..."cniVersion name type network driver subnet subnets gateway range ipv6 internal options ipam dns args".split(" "),
  ..."runtimeConfig prevResult capabilities cni.dev/valid-attachments".split(" "),
  ..."ips mac portMappings hostPort containerPort protocol hostIP interfaces routes address containerID cni".split(" "),
];
const text = anyText('{}[]":,/;= ');
const word = fc.oneof(fc.constantFrom("1.1.0", "net", "10.1.0.0/24", "tcp", "sh", "02:00:00:00:00:01", "80"), text);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.integer(),
    fc.constantFrom(true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...keys), text), tie("value"), { maxKeys: 6 }),
})).object;
const standard = { cniVersion: "1.1.0", name: "net", type: "tsd" };
const variable = fc.oneof(fc.constantFrom("", "c1", "eth0", "IP=10.1.0.9;IgnoreUnknown=1", "/bin"), text);

const refusal = (kind: ErrorKind): TsdError => new TsdError({ kind, code: "TSD_REFUSED", message: "no" });

/** A tsd that reads a request to its end, and then refuses. */
const tsd = {
  networks: {
    list: () => [],
    shared: () => Promise.resolve(undefined),
    create: () => Promise.reject(refusal("conflict")),
  },
  endpoints: {
    inspect: () => {
      throw refusal("not-found");
    },
    list: () => [],
    detach: () => Promise.reject(refusal("not-found")),
  },
  system: { check: async () => [], info: async () => ({ nat: {} }) },
  [Symbol.dispose]: () => undefined,
} as unknown as Tsd;

/** Whatever happens within, the runtime gets a result or an error as the specification has them, and no defect. */
async function expectReply(env: Readonly<Record<string, string>>, text: string, said: string): Promise<void> {
  const { stdout, exitCode } = await serve({ env, input: () => text, open: async () => tsd, run: async () => said });
  if (exitCode === 0) return;
  expect(JSON.parse(stdout)).toEqual({
    cniVersion: expect.any(String),
    code: expect.any(Number),
    msg: expect.stringMatching(/./s),
    ...(stdout.includes('"details"') ? { details: expect.any(String) } : {}),
  });
  expect(JSON.parse(stdout).code).not.toBe(999);
}

describe("a call of CNI", () => {
  const call = { CNI_CONTAINERID: "c1", CNI_NETNS: "/run/netns/a", CNI_IFNAME: "eth0", CNI_PATH: "/bin" };

  fuzz(
    "with any configuration",
    fc.tuple(
      fc.constantFrom(...commands),
      json,
      fc.oneof(
        text,
        json.map((value) => JSON.stringify(value)),
      ),
    ),
    async ([CNI_COMMAND, config, said]) => {
      await expectReply({ ...call, CNI_COMMAND }, JSON.stringify({ ...standard, ...config }), said);
    },
  );

  fuzz(
    "with any text and any environment",
    fc.tuple(
      fc.record({
        CNI_COMMAND: fc.oneof(fc.constantFrom(...commands), variable),
        ...{
          CNI_CONTAINERID: variable,
          CNI_NETNS: variable,
          CNI_IFNAME: variable,
          CNI_ARGS: variable,
          CNI_PATH: variable,
        },
      }),
      fc.oneof(
        text,
        json.map((value) => JSON.stringify(value)),
      ),
    ),
    async ([env, text]) => expectReply(env, text, ""),
  );
});
