import { expect, test } from "@jest/globals";
import type { Explanation, ProbeFact } from "../../../../src/api/index.js";
import { agreement } from "../../../../src/engine/explain/agreement.js";

const socket = { server: "container db", netns: "/n", protocol: "tcp", address: "10.0.0.2", port: 80 } as const;
const silent = "nothing listens on port 80/tcp in container db";
const reaches = { reaches: true, server: "container db", why: "" };
const fails = { reaches: false, why: "" };
const elsewhere = { reaches: true, server: "another machine", why: "" };
const unknown = { reaches: false, unknown: true, why: "" };

test.each<[string, Explanation["verdict"], ProbeFact["outcome"], string, readonly string[], boolean | undefined]>([
  ["it arrives and is taken", reaches, "open", "tcp", [], true],
  ["it arrives and is refused by nobody's port", reaches, "refused", "tcp", [silent], true],
  ["it is refused where one listens", reaches, "refused", "tcp", [], false],
  ["it should arrive, and does not", reaches, "silence", "tcp", [], false],
  ["it should arrive, and cannot", reaches, "unreachable", "tcp", [], false],
  ["a datagram that gets no reply may have arrived", reaches, "silence", "udp", [], undefined],
  ["a ping that gets no reply has not", reaches, "silence", "ping", [], false],
  ["it should not arrive, and does not", fails, "silence", "tcp", [], true],
  ["it should not arrive, and is refused", fails, "refused", "tcp", [], true],
  ["it should not arrive, and does", fails, "open", "tcp", [], false],
  ["another machine may keep silent", elsewhere, "silence", "tcp", [], undefined],
  ["another machine may refuse", elsewhere, "refused", "tcp", [], undefined],
  ["another machine cannot be got to", elsewhere, "unreachable", "tcp", [], false],
  ["nothing was predicted", unknown, "open", "tcp", [], undefined],
])("%s", (...row) => {
  const [, verdict, outcome, protocol, cautions, expected] = row;
  const found = agreement({ hops: [], verdict, cautions }, { outcome }, { socket, protocol });
  expect(found).toBe(expected);
});
