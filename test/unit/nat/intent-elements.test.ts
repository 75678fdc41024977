import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Publish } from "../../../src/api/index.js";
import { dataText, elementId, isRange } from "../../../src/nat/nftables/element.js";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { anyIntent, isolate, masquerade, publish } from "./intents.js";

const texts = (changes: Partial<Publish>) =>
  elementsOf([publish(changes)]).map((element) => `${elementId(element)} : ${dataText(element)}`);

describe("publish", () => {
  const cases: readonly (readonly [string, Partial<Publish>, readonly string[]])[] = [
    ["one port is one element of the hash map", {}, ["publish4 tcp . 8080 : 10.10.10.2 . 80"]],
    [
      "a host address leads the key",
      { hostAddress: "127.0.0.1" },
      ["publish4_at 127.0.0.1 . tcp . 8080 : 10.10.10.2 . 80"],
    ],
    ["the unspecified address is no address", { hostAddress: "0.0.0.0" }, ["publish4 tcp . 8080 : 10.10.10.2 . 80"]],
    [
      "a range that keeps its ports is one element",
      { hostPort: 1000, containerPort: 1000, count: 5000 },
      ["publish4_range tcp . 1000-5999 : 10.10.10.2"],
    ],
    [
      "a single port is never a range",
      { hostPort: 53, containerPort: 53, protocol: "udp" },
      ["publish4 udp . 53 : 10.10.10.2 . 53"],
    ],
    [
      "a shifted range is an element for each port",
      { hostPort: 1000, containerPort: 80, count: 2, protocol: "sctp" },
      ["publish4 sctp . 1000 : 10.10.10.2 . 80", "publish4 sctp . 1001 : 10.10.10.2 . 81"],
    ],
    [
      "IPv6 is canonical",
      { containerAddress: "FD00:0:0::2", hostAddress: "2001:db8:0:0:0:0:0:1" },
      ["publish6_at 2001:db8::1 . tcp . 8080 : fd00::2 . 80"],
    ],
    ["any IPv6 address", { containerAddress: "fd00::2", hostAddress: "::" }, ["publish6 tcp . 8080 : fd00::2 . 80"]],
  ];

  test.each(cases)("%s", (_name, changes, expected) => {
    expect(texts(changes)).toEqual(expected);
  });

  test("addresses of two families are refused", () => {
    expect(() => texts({ hostAddress: "::1" })).toThrow(
      expect.objectContaining({ kind: "invalid-input", code: "TSD_NAT_FAMILIES" }),
    );
  });
});

test("two subnets of one family on a bridge share an element", () => {
  const elements = elementsOf([isolate, masquerade, { ...masquerade, subnet: "10.10.11.0/24" }]);
  expect(elements.map(elementId)).toEqual([
    "bridges br-111111111111",
    "same_bridge br-111111111111 . br-111111111111",
    "neighbours br-111111111111 . br-111111111111",
    "masquerade4 br-111111111111",
  ]);
});

test("every element names the owner, and every published port is in exactly one", () => {
  fc.assert(
    fc.property(anyIntent, (intent) => {
      const elements = elementsOf([intent]);
      expect(elements.every(({ owner }) => owner === intent.owner)).toBe(true);
      if (intent.kind !== "publish") return;
      const ports = elements.flatMap(({ key }) => {
        const last = key.at(-1);
        if (last === undefined) return [];
        return isRange(last) ? Array.from({ length: last.last - last.first + 1 }, (_, i) => last.first + i) : [last];
      });
      expect(ports).toEqual(Array.from({ length: intent.count }, (_, index) => intent.hostPort + index));
    }),
  );
});
