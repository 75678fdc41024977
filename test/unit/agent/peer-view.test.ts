import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { PeerView } from "../../../src/agent/peers/peer-view.js";
import { peersOf } from "../../../src/agent/peers/peers-of.js";
import type { LocalEndpoint } from "../../../src/agent/records/local-network.js";
import { placesOf } from "../../../src/agent/records/record-places.js";
import { type NetworkRecords, SharedRecords } from "../../../src/agent/records/shared-records.js";
import { anyEndpoints, anyRecord, likelyRecord } from "../../support/agent/any-record.js";
import {
  encryptedNetwork,
  endpointId,
  keyOf,
  keys,
  localNetwork,
  networkId,
  recordsOf,
  sharedSubnets,
} from "../../support/agent/networks.js";

const places = placesOf(keys, localNetwork().network);
const kinds = ["hosts", "members", "blocks", "endpoints", "held"] as const;

/** What one host knows, and what it makes of that. */
class Watched {
  readonly view = new PeerView();
  private readonly known = new SharedRecords();
  private revision = 1;

  constructor(private readonly localWith = localNetwork) {
    for (const prefix of [places.hosts, ...places.ofNetwork]) this.known.take(prefix, { revision: 1, records: [] });
  }

  write(records: Readonly<Record<string, unknown>>): void {
    const changes = Object.entries(records).map(([key, value]) =>
      value === undefined ? { key } : { key, value: JSON.stringify(value) },
    );
    this.known.apply({ revision: ++this.revision, changes });
  }

  follow(endpoints: readonly LocalEndpoint[] = []): ReadonlySet<string> | undefined {
    return this.view.follow({
      records: this.records,
      changed: of((prefix) => this.known.changedBelow(prefix)),
      local: this.localWith(endpoints),
      subnets: sharedSubnets,
    });
  }

  get records(): NetworkRecords {
    return of((prefix) => this.known.below(prefix));
  }
}

function of<T>(one: (prefix: string) => T): { readonly [Kind in (typeof kinds)[number]]: T } {
  const { hosts, members, blocks, endpoints, held } = places;
  return {
    hosts: one(hosts),
    members: one(members),
    blocks: one(blocks),
    endpoints: one(endpoints),
    held: one(held),
  };
}

test.each([
  ["in clear", localNetwork],
  ["encrypted", encryptedNetwork],
] as const)(
  "%s, however records change, and this host's endpoints: what follows is what follows from all of them, and no other peer differs",
  (_, localWith) => {
    const written = fc.oneof({ weight: 5, arbitrary: likelyRecord }, { weight: 1, arbitrary: anyRecord });
    const change = fc.tuple(fc.array(fc.tuple(written, fc.nat(2)), { maxLength: 3 }), anyEndpoints);
    fc.assert(
      fc.property(fc.array(change, { minLength: 4, maxLength: 20 }), (changes) => {
        const host = new Watched(localWith);
        host.write({ ...recordsOf(2), ...recordsOf(3), ...recordsOf(4) });
        host.follow();
        for (const [records, endpoints] of changes) {
          const before = new Map(host.view.peers);
          host.write(Object.fromEntries(records.map(([[key, value], goes]) => [key, goes === 0 ? undefined : value])));
          const touched = host.follow(endpoints);
          const { peers, ignored } = peersOf(host.records, localWith(endpoints), sharedSubnets);
          expect(new Map([...host.view.peers].sort())).toEqual(
            new Map(peers.map((peer) => [peer.id, peer] as const).sort()),
          );
          expect(new Map([...host.view.ignored].sort())).toEqual(new Map([...ignored].sort()));
          const differing = [...before.keys(), ...host.view.peers.keys()].filter(
            (id) => JSON.stringify(before.get(id)) !== JSON.stringify(host.view.peers.get(id)),
          );
          expect(differing.filter((id) => touched?.has(id) === false)).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  },
);

test("a host more, or an endpoint here, concerns no host that has nothing to do with it", () => {
  const host = new Watched();
  host.write({ ...recordsOf(2), ...recordsOf(3) });
  expect(host.follow()).toBeUndefined();
  host.write(recordsOf(4));
  expect(host.follow()?.size).toBe(1);
  const here = { id: endpointId("1"), mac: "02:00:00:00:11:11", addresses: ["10.5.0.2"], names: ["db"] };
  expect(host.follow([here])?.size).toBe(0);
  host.write({ [keys.endpoint(networkId, endpointId("a"))]: { ...here, host: "h2", addresses: ["10.5.2.2"] } });
  expect(host.follow([here])?.size).toBe(2);
  expect([...host.view.ignored.values()]).toEqual(["02:00:00:00:11:11 is a MAC address of this host"]);
  expect(host.follow([])?.size).toBe(2);
  expect(host.view.endpointsOf("h2")).toEqual([endpointId("a")]);
  expect(host.view.peers.size).toBe(4);
});

test("of two hosts with one key the second is followed once the first has another", () => {
  const host = new Watched(encryptedNetwork);
  const withKey = (number: number, letter: string) => {
    const member = keys.member(networkId, `h${number}`);
    const records = recordsOf(number);
    const wireguard = { publicKey: keyOf(letter), port: 51_820 };
    return { ...records, [member]: { ...(records[member] as object), wireguard } };
  };
  host.write({ ...withKey(2, "b"), ...withKey(3, "b") });
  host.follow();
  expect([...host.view.peers.values()]).toMatchObject([{ host: "h2" }]);
  host.write(withKey(2, "c"));
  host.follow();
  expect([...host.view.peers.values()].map(({ host }) => host).sort()).toEqual(["h2", "h3"]);
});
