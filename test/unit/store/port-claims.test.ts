import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PortBinding } from "../../../src/api/index.js";
import type { Connection } from "../../../src/store/connection.js";
import { PortClaims } from "../../../src/store/port-claims.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { endpointRow } from "./support/rows.js";
import { failureOf, rehearse, TemporaryStore } from "./support/temporary-store.js";

let temporary: TemporaryStore;
let store: SqliteStore;
beforeAll(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
});
afterAll(() => temporary[Symbol.dispose]());

const bindings: fc.Arbitrary<PortBinding> = fc
  .record({
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
    address: fc.constantFrom(undefined, "10.0.0.1", "10.0.0.2", "::1", "0.0.0.0", "::"),
    hostPort: fc.integer({ min: 1, max: 30 }),
    count: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ protocol, address, hostPort, count }) => binding(protocol, hostPort, { count, hostAddress: address }));

interface Requested {
  readonly count?: number;
  readonly hostAddress?: string | undefined;
}

function binding(
  protocol: PortBinding["protocol"],
  hostPort: number,
  { count = 1, hostAddress }: Requested,
): PortBinding {
  return { protocol, hostPort, containerPort: 80, count, ...(hostAddress === undefined ? {} : { hostAddress }) };
}

function collide(a: PortBinding, b: PortBinding): boolean {
  const [one, other] = [a.hostAddress, b.hostAddress];
  const sharesFamily = one?.includes(":") === other?.includes(":");
  const takesAll = [one, other].some((address) => address === "0.0.0.0" || address === "::");
  const sameAddress = one === undefined || other === undefined || one === other || (sharesFamily && takesAll);
  const apart = a.hostPort + a.count <= b.hostPort || b.hostPort + b.count <= a.hostPort;
  return a.protocol === b.protocol && sameAddress && !apart;
}

describe("port claims", () => {
  test("are granted exactly if they overlap none", () => {
    fc.assert(
      fc.property(fc.array(bindings, { maxLength: 25 }), (wanted) =>
        rehearse(store, () => {
          const granted = new Map<string, PortBinding>();
          for (const [at, requested] of wanted.entries()) {
            const id = `endpoint${at}`;
            store.endpoints.insert(endpointRow(id, "n1"));
            const owners = [...granted].filter(([, other]) => collide(other, requested)).map(([owner]) => owner);
            const holder = store.endpoints.portHolder(requested);
            if (owners.length === 0) {
              expect(holder).toBeUndefined();
              store.endpoints.claimPorts(id, [requested]);
              granted.set(id, requested);
            } else {
              expect(owners).toContain(holder);
              const failure = failureOf(() => store.endpoints.claimPorts(id, [requested]));
              expect(failure).toMatchObject({ kind: "conflict", details: { endpointId: holder } });
            }
            // Giving back what an early endpoint had makes room again.
            if (at % 5 === 4) {
              store.endpoints.delete(`endpoint${at - 4}`);
              granted.delete(`endpoint${at - 4}`);
            }
          }
        }),
      ),
      { numRuns: 300 },
    );
  });

  test("are all granted or none", () => {
    rehearse(store, () => {
      store.endpoints.insert(endpointRow("e1", "n1"));
      store.endpoints.insert(endpointRow("e2", "n1"));
      store.endpoints.claimPorts("e1", [binding("tcp", 443, { count: 2 })]);
      const failure = failureOf(() =>
        store.endpoints.claimPorts("e2", [binding("tcp", 80, {}), binding("tcp", 444, { hostAddress: "10.0.0.1" })]),
      );
      expect(failure).toMatchObject({
        kind: "conflict",
        details: { endpointId: "e1", binding: { protocol: "tcp", hostPort: 443, count: 2 } },
      });
      expect(store.endpoints.portHolder(binding("tcp", 80, {}))).toBeUndefined();
    });
  });

  test.each([
    ["every address", undefined],
    ["every address of IPv4", "0.0.0.0"],
    ["every address of IPv6", "::"],
    ["one address", "10.0.0.1"],
  ])("of %s are found by steps through the index", (_, hostAddress) => {
    const asked: string[] = [];
    const connection = { get: (sql: string) => void asked.push(sql) } as Partial<Connection>;
    new PortClaims(connection as Connection).find(binding("udp", 65_000, { hostAddress }));
    const database = new DatabaseSync(temporary.path, { readOnly: true });
    const plans = asked.flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    database.close();
    const reads = plans.map(({ detail }) => String(detail)).filter((detail) => /claim/.test(detail));
    expect(reads.length).toBeGreaterThan(0);
    for (const read of reads) expect(read).toMatch(/^SEARCH (port_claims|claim) USING .*\(protocol=\?/);
  });
});

test("an endpoint keeps what it is left with, and others keep all", () => {
  rehearse(store, () => {
    for (const id of ["one", "two"]) store.endpoints.insert(endpointRow(id, "n1"));
    const kept = binding("tcp", 80, { hostAddress: "10.0.0.1" });
    store.endpoints.claimPorts("one", [kept, binding("tcp", 90, { count: 3 })]);
    store.endpoints.claimPorts("two", [binding("udp", 90, { count: 3 })]);
    store.endpoints.retainPorts("one", [kept]);
    expect(store.endpoints.portHolder(kept)).toBe("one");
    expect(store.endpoints.portHolder(binding("tcp", 91, {}))).toBeUndefined();
    expect(store.endpoints.portHolder(binding("udp", 91, {}))).toBe("two");
  });
});
