import { describe, expect } from "@jest/globals";
import fc from "fast-check";
import { IpamCalls } from "../../../src/hosts/docker/ipam-calls.js";
import type { PluginClient } from "../../../src/hosts/docker/plugin-client.js";
import { readAnswer } from "../../../src/hosts/docker/read-answer.js";
import { readChosenInterface } from "../../../src/hosts/docker/read-interface.js";
import { readJoin } from "../../../src/hosts/docker/read-join.js";
import { answerOrRefusal, answerOrRefusalOf, anyText, fuzz } from "../../support/fuzz.js";

const keys = [
  ..."Err Error Interface Address AddressIPv6 MacAddress InterfaceName SrcName DstPrefix Gateway GatewayIPv6".split(
    " ",
  ),
  ..."StaticRoutes Destination NextHop RouteType PoolID Pool Data interface gateway __proto__ constructor".split(" "),
];
const text = anyText('{}[]":,/;= ');
const word = fc.oneof(fc.constantFrom("10.1.0.0/24", "10.1.0.1", "fd00::1/64", "02:00:00:00:00:01", "eth0", ""), text);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.integer({ min: -1, max: 2 }),
    fc.constantFrom(true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...keys), text), tie("value"), { maxKeys: 6 }),
})).object as fc.Arbitrary<Record<string, unknown>>;
const body = fc.oneof(
  text,
  json.map((value) => JSON.stringify(value)),
);
const called = { plugin: "p", verb: "NetworkDriver.Join" };
const addresses = ["10.1.0.2/24", "fd00::2/64"];

describe("a docker plug-in", () => {
  fuzz("replies with any body", fc.tuple(fc.integer({ min: 100, max: 599 }), body), ([status, text]) => {
    const answer = answerOrRefusal(() => readAnswer(called, { status, body: text }));
    if (answer?.isDone) expect(status).toBe(200);
  });

  fuzz("joins with any answer", json, (answer) => {
    const joined = answerOrRefusal(() => readJoin(called, answer, addresses));
    for (const name of [joined?.source, joined?.prefix])
      expect(name ?? "x").toMatch(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/);
  });

  fuzz("makes any endpoint", json, (answer) => {
    const requested = { Address: "10.1.0.2/24", AddressIPv6: "", MacAddress: "" };
    const chosen = answerOrRefusal(() => readChosenInterface(called, answer, requested));
    expect(chosen?.addresses.length ?? 0).toBeLessThan(2);
  });

  fuzz("gives any pool and any address", json, async (answer) => {
    const client = { must: async () => answer, called: () => called } as unknown as PluginClient;
    const calls = new IpamCalls(client);
    const proposal = { networkId: "n", networkName: "n", family: 4, options: {}, taken: [] } as const;
    const pool = await answerOrRefusalOf(calls.requestPool("here", proposal));
    await answerOrRefusalOf(calls.requestAddress(pool ?? { id: "p", cidr: "10.1.0.0/24" }, "", {}));
  });
});
