import { describe, expect, test } from "@jest/globals";
import { familyOf } from "../../../../src/api/address-family.js";
import type { NatIntent } from "../../../../src/api/index.js";
import type { Caller } from "../../../../src/engine/explain/journey.js";
import { type Facts, Landscape } from "../../../../src/engine/explain/landscape.js";
import { trace } from "../../../../src/engine/explain/trace.js";
import { matrixIntents } from "../../../../src/testing/backend/matrix-lab.js";
import { callers, type Caller as Name, type Target, targets } from "../../../../src/testing/backend/traffic-matrix.js";
import { matrixFacts } from "./matrix-landscape.js";

/** Everything but whose it is, in no order; an unspecified address of the host is none. */
function requested(intents: readonly NatIntent[]): readonly string[] {
  const plain = intents.map((intent) =>
    Object.entries(intent)
      .filter(([key, value]) => key !== "owner" && !(key === "hostAddress" && /^(0\.0\.0\.0|::)$/.test(String(value))))
      .sort(),
  );
  return plain.map((entries) => JSON.stringify(entries)).sort();
}

test("the rows ask for what the real packets of the matrix are sent through", () => {
  const { networks, endpoints } = matrixFacts();
  const asked = [...networks, ...endpoints]
    .flatMap(({ resources }) => resources)
    .filter((resource): resource is NatIntent => "owner" in resource);
  expect(requested(asked)).toEqual(requested(matrixIntents()));
});

function callerOf(name: Name, facts: Facts, { address }: Target): Caller {
  if (name === "host") return { kind: "host", name: "host" };
  if (name === "outside")
    return { kind: "outside", name: "another machine", address: familyOf(address) === 6 ? "2001:db8::2" : "192.0.2.2" };
  const rows = facts.endpoints.filter(({ endpoint }) => endpoint.netns.endsWith(`/${name}`));
  return { kind: "namespace", name: `container ${name}`, handle: name, netns: `/run/tsd/netns/${name}`, rows };
}

/** Where the packet must get to, as the servers of the matrix listen. */
function served({ address, port, server }: Target): string {
  if (server === "a1") return familyOf(address) === 6 ? "[fd00:a::2]:80" : "10.10.10.2:80";
  return `${address}:${port}`;
}

describe.each([
  ["as tsd makes it", false],
  ["with routes to everything, as intruders have", true],
])("every cell of the traffic matrix, %s:", (_words, intruding) => {
  const land = new Landscape(matrixFacts({ intruding }));
  const cells = targets.flatMap((target) =>
    (Object.keys(callers) as Name[]).map((name) => ({ target, name, what: target.what, who: callers[name] })),
  );
  test.each(cells)("$what ← $who", ({ target, name }) => {
    const { protocol, address: destination, port } = target;
    const { steps, verdict } = trace(land, callerOf(name, land.facts, target), { protocol, destination, port });
    const arrives = verdict.reaches && verdict.at === served(target);
    expect(arrives ? verdict.seenAs : undefined).toBe(target.seen[name]);
    if (!verdict.reaches) expect(verdict.why).toMatch(/^\S.+[^.]$/);
    for (const { place, what } of steps) expect(`${place}: ${what}`).not.toMatch(/undefined|NaN|\[object/);
  });
});
