import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Resource } from "../../../../src/api/index.js";
import type { Store } from "../../../../src/contracts/index.js";
import { joinShared, ownResources } from "../../../../src/engine/resources/shared-resources.js";
import { idFrom, networkRow } from "../../store/support/rows.js";
import { rehearse, TemporaryStore } from "../../store/support/temporary-store.js";

const [a, b] = [idFrom("a"), idFrom("b")];
const key = "net/ipv4/conf/eth0/forwarding";
const found = (restore: string): Resource => ({ kind: "sysctl", key, value: "1", restore });
const own: Resource = { kind: "sysctl", key: "net/ipv4/conf/br0/forwarding", value: "1" };
const bridge: Resource = { kind: "link", type: "bridge", name: "br0" };

let temporary: TemporaryStore;
let store: ReturnType<TemporaryStore["open"]>;
beforeAll(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
});
afterAll(() => temporary[Symbol.dispose]());

/** A store in which networks list these. */
function holding(lists: Readonly<Record<string, readonly Resource[]>>, work: (store: Store) => void): void {
  rehearse(store, () => {
    for (const [id, resources] of Object.entries(lists)) store.networks.insert(networkRow(id, id, { resources }));
    work(store);
  });
}

test("the first list keeps what it found, and leaves the rest alone", () => {
  holding({}, (empty) => expect(joinShared(empty, [bridge, own, found("0")])).toEqual([bridge, own, found("0")]));
});

test("a later list takes over what the first one found", () => {
  holding({ [a]: [found("0")] }, (one) => expect(joinShared(one, [own, found("1")])).toEqual([own, found("0")]));
});

test("another parameter, or the same one of another namespace, is another resource", () => {
  const elsewhere: Resource = { kind: "sysctl", netns: "/run/netns/x", key, value: "1", restore: "1" };
  const other: Resource = { kind: "sysctl", key: "net/ipv4/conf/eth1/forwarding", value: "1", restore: "1" };
  holding({ [a]: [found("0")] }, (one) => expect(joinShared(one, [elsewhere, other])).toEqual([elsewhere, other]));
});

test("what another row lists is not a row's own; what goes with its link is, and so is what nobody else lists", () => {
  holding({ [a]: [own, found("0")], [b]: [own, found("0")] }, (two) => {
    expect(ownResources(two, a, [bridge, own, found("0")])).toEqual([bridge, own]);
    two.networks.delete(b);
    expect(ownResources(two, a, [bridge, own, found("0")])).toEqual([bridge, own, found("0")]);
  });
});
