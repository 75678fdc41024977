import { type Endpoint, familyOf, type Network, withoutPrefix } from "../../api/index.js";
import type { Case, Chapter } from "../chapter.js";
import { addresses } from "../lab/addresses.js";
import { type Call, expectCalls } from "./calls.js";
import { reachOf } from "./driver-subject.js";
import { LanGateway } from "./lan-gateway.js";
import { needsAddresses, type Stage } from "./stage.js";

/** Who reaches whom, by real packets of each family. */
export function traffic(stage: Stage): Chapter {
  const { subject } = stage;
  const reach = reachOf(subject);
  const gateway = new LanGateway(subject);
  const ends = new Map<"a1" | "a2" | "b1", Endpoint>();
  let network: Network;
  const addressesOf = (place: "a1" | "a2" | "b1"): readonly string[] =>
    (ends.get(place)?.addresses ?? []).map(withoutPrefix);
  const calls = (name: string, list: () => readonly Call[]): Case => ({
    name,
    run: async () => {
      needsAddresses(subject);
      await expectCalls(stage.lab, list());
    },
  });
  /** Calls by each family to a container at its own address. */
  const toContainer = (from: Call["from"], to: "a1" | "a2" | "b1", reached: boolean): readonly Call[] =>
    addressesOf(to).flatMap((address) =>
      (["tcp", "udp"] as const).map((protocol) => ({ from, to, address, reached, protocol })),
    );
  return {
    title: "Packets go where they may, and nowhere else",
    open: async () => {
      await stage.open();
      await gateway.open();
      network = await stage.create();
      await stage.create("second");
      for (const place of ["a1", "a2"] as const) ends.set(place, await stage.attach(place));
      ends.set("b1", await stage.attach("b1", "second"));
    },
    cases: [
      calls(can(reach.neighbours, "containers of one network", "call each other"), () => [
        ...toContainer("a1", "a2", reach.neighbours),
        ...toContainer("a2", "a1", reach.neighbours),
      ]),
      calls(can(reach.networks, "containers of two networks", "call each other"), () => [
        ...toContainer("b1", "a1", reach.networks),
        ...toContainer("a1", "b1", reach.networks),
      ]),
      calls(can(reach.host, "the host and its containers", "call each other"), () => [
        ...toContainer("host", "a1", reach.host),
        ...addressesOf("a1").map((address, index): Call => {
          const own = addresses[familyOf(address)].host;
          const near = network.internal ? (network.subnets[index]?.gateway ?? own) : own;
          return { from: "a1", to: "host", address: near, reached: reach.host };
        }),
      ]),
      calls(can(reach.outside, "containers", "call other machines"), () =>
        addressesOf("a1").map((address): Call => {
          return { from: "a1", to: "outside", address: addresses[familyOf(address)].outside, reached: reach.outside };
        }),
      ),
      calls(can(reach.inward, "other machines", "call containers at their own addresses"), () =>
        toContainer("outside", "a1", reach.inward),
      ),
    ],
    close: async () => {
      try {
        await stage.close();
      } finally {
        await gateway.close();
      }
    },
  };
}

function can(may: boolean, who: string, what: string): string {
  return `${who} ${may ? "can" : "cannot"} ${what}`;
}
