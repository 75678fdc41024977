import { PassThrough, Readable, Writable } from "node:stream";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseDocument } from "../../../src/contracts/json-field.js";
import { JsonLines } from "../../../src/engine-api/http/json-lines.js";
import { begun, pour } from "../../../src/engine-api/http/pour.js";
import { networkSpec } from "../../../src/engine-api/requests/network-spec.js";
import { registryAuth } from "../../../src/engine-api/requests/registry-auth.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { pathStat } from "../../../src/presenters/path-stat.js";

const body = (value: unknown) =>
  parseDocument(JSON.stringify(value), "body", (message) => {
    return new TsdError({ kind: "invalid-input", code: "TSD_ENGINE_REQUEST", message });
  });

test("a network is read as docker's command line and docker-compose write it", () => {
  expect(
    networkSpec(
      body({
        ...{ CheckDuplicate: true, Name: "back", Driver: "bridge", Internal: true, EnableIPv6: true, Attachable: true },
        IPAM: {
          Driver: "default",
          Options: { ignored: "1" },
          Config: [
            {
              Subnet: "10.1.0.0/16",
              IPRange: "10.1.2.0/24",
              Gateway: "10.1.0.9",
              AuxiliaryAddresses: { a: "10.1.0.3" },
            },
            { Subnet: "fd00::/64", IPRange: null, Gateway: null, AuxiliaryAddresses: null },
          ],
        },
        Options: { mtu: "1400" },
        Labels: { tier: "db" },
        ConfigFrom: null,
      }),
    ),
  ).toEqual({
    ...{ name: "back", driver: "bridge", internal: true, ipv6: true },
    ...{ subnets: ["10.1.0.0/16", "fd00::/64"], ranges: ["10.1.2.0/24"], gateways: ["10.1.0.9"] },
    ...{ auxiliary: { a: "10.1.0.3" }, options: { mtu: "1400" }, labels: { tier: "db" } },
  });
  expect(networkSpec(body({ Name: "a", EnableIPv4: false, IPAM: { Driver: "acme", Options: { u: "v" } } }))).toEqual({
    ...{ name: "a", ipv4: false, ipam: { driver: "acme", options: { u: "v" } } },
  });
  expect(networkSpec(body({ Name: "a", EnableIPv6: false, IPAM: null, Options: {}, Labels: null }))).toEqual({
    name: "a",
  });
});

test.each([
  [{}, "body.Name is not a string: missing"],
  [{ Name: "a", Ingress: true }, "no networks with Ingress"],
  [{ Name: "a", ConfigOnly: true }, "no networks with ConfigOnly"],
  [{ Name: "a", Scope: "swarm" }, "no networks with scope swarm"],
  [{ Name: "a", ConfigFrom: { Network: "b" } }, "no networks with ConfigFrom b"],
  [{ Name: "a", IPAM: { Config: {} } }, "body.IPAM.Config is not a list"],
])("a network %j is refused", (given, message) => {
  expect(() => networkSpec(body(given))).toThrow(message);
});

test("credentials for a registry are read, and what cannot be read is none", () => {
  const header = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  expect(registryAuth(header({ username: "me", password: "ünter?>" }))).toEqual({ user: "me", password: "ünter?>" });
  for (const none of [undefined, "", "e30=", "?", header([]), header({ username: 7 }), header({ username: "me" })])
    expect(registryAuth(none)).toBe("none");
  expect(() => registryAuth(header({ identitytoken: "t" }))).toThrow("has a token");
  fc.assert(fc.property(fc.string(), (text) => void registryAuth(text)));
});

test("what is at a path has Go's bits", () => {
  const stat = (mode: number) => {
    const text = pathStat({ name: "x", type: "other", size: 1, mode, modified: "2026-01-01T00:00:00.000Z" });
    return JSON.parse(Buffer.from(text, "base64").toString());
  };
  expect(stat(0o100640)).toEqual({
    name: "x",
    size: 1,
    mode: 0o640,
    mtime: "2026-01-01T00:00:00.000Z",
    linkTarget: "",
  });
  expect([0o041777, 0o120777, 0o104755, 0o020600].map((mode) => stat(mode).mode)).toEqual([
    2 ** 31 + 2 ** 20 + 0o777,
    2 ** 27 + 0o777,
    2 ** 23 + 0o755,
    2 ** 26 + 2 ** 21 + 0o600,
  ]);
});

test("a slow reader of progress gets the latest of each thing, and costs no more", async () => {
  let taken = "";
  let go = (): void => undefined;
  const reader = new Writable({
    highWaterMark: 1,
    write: (chunk, _, done) => {
      taken += chunk;
      go = done;
    },
  });
  const lines = new JsonLines(() => reader);
  expect(lines.hasBegun).toBe(false);
  for (let step = 0; step < 2000; step++) lines.note(`layer ${step % 2}`, { status: `step ${step}` });
  expect(reader.writableLength).toBeLessThan(100);
  lines.end([{ status: "end" }]);
  while (!reader.writableFinished) {
    const next = go;
    go = () => undefined;
    next();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const statuses = taken
    .trim()
    .split("\r\n")
    .map((line) => JSON.parse(line).status);
  expect(statuses).toEqual(["step 0", "step 1999", "step 1998", "end"]);
});

test("a stream that fails before its first chunk fails before it is replied to", async () => {
  async function* chunks(fails: boolean): AsyncGenerator<string> {
    if (fails) throw new Error("gone");
    yield "a";
    yield "b";
  }
  await expect(begun(chunks(true))).rejects.toThrow("gone");
  const seen: string[] = [];
  for await (const chunk of await begun(chunks(false))) seen.push(chunk);
  expect(seen).toEqual(["a", "b"]);
});

test("what a client does not take is closed, even if the client has gone before the first byte", async () => {
  let closed = 0;
  async function* lines(): AsyncGenerator<string> {
    try {
      for (;;) yield "line";
    } finally {
      closed += 1;
    }
  }
  const gone = (): Writable => new PassThrough().destroy();
  const source = Readable.from(lines());
  await pour(source, gone(), AbortSignal.abort());
  expect(source.destroyed).toBe(true);
  await pour(await begun(lines()), gone(), AbortSignal.abort());
  expect(closed).toBe(1);
});
