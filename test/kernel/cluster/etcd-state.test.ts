import { afterAll, beforeAll, describe } from "@jest/globals";
import { EtcdState } from "../../../src/cluster/etcd/etcd-state.js";
import { describeHostRecords } from "../../support/cluster-state/host-records-contract.js";
import { describeNetworkRecords } from "../../support/cluster-state/network-records-contract.js";
import { describeClusterState } from "../../support/cluster-state/state-contract.js";
import { EtcdMembers } from "../../support/etcd/etcd-members.js";

const etcd = new EtcdMembers();
let states: readonly [EtcdState, EtcdState];

beforeAll(async () => {
  await etcd.start();
  const [a = "", b = "", c = ""] = etcd.endpoints;
  states = [new EtcdState({ endpoints: [a, b, c] }), new EtcdState({ endpoints: [b, c, a] })];
});
afterAll(async () => {
  for (const state of states) await state[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

describe("etcd's state", () => {
  describeClusterState({
    states: () => states,
    compact: async () => {
      const { revision } = await states[0].read("/contract/");
      etcd.etcdctl("compact", String(revision));
    },
  });
});

describe("records in etcd", () => {
  describeHostRecords(() => states);
  describeNetworkRecords(() => states);
});
