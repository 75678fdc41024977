import { type Endpoint, type Family, familyOf, type Network, withoutPrefix } from "../../api/index.js";
import { CannotRun, type Chapter } from "../chapter.js";
import { expectRefusal, expectSameLines } from "../expectations.js";
import { addresses } from "../lab/addresses.js";
import { withoutBridgeNetfilter } from "../lab/without-bridge-netfilter.js";
import { type Call, expectCalls } from "./calls.js";
import { reachOf } from "./driver-subject.js";
import type { Stage } from "./stage.js";

const ports = ["8080:80", "8080:80/udp"] as const;

/** Ports of containers as ports of the host. */
export function publishing(stage: Stage): Chapter {
  const { subject } = stage;
  const { driver, variant } = subject;
  let network: Network;
  let endpoint: Endpoint;
  const expectPort = (calls: (family: Family, own: string) => readonly Call[]): Promise<void> => {
    if (!driver.capabilities.publishes) throw new CannotRun("the driver publishes no ports");
    if (variant.internal === true) throw new CannotRun("an internal network publishes no ports to the outside");
    const own = endpoint.addresses.map(withoutPrefix);
    return expectCalls(
      stage.lab,
      own.flatMap((address) => calls(familyOf(address), address)),
    );
  };
  const direct = (family: Family): boolean => driver.reachedDirectly?.(network).includes(family) ?? false;
  /** Where the port is: on the container where others reach it directly, else on the host. */
  const port = (family: Family, own: string): Pick<Call, "address" | "port"> =>
    direct(family) ? { address: own, port: 80 } : { address: addresses[family].host, port: 8080 };
  return {
    title: "Ports are published",
    open: async () => {
      await stage.open();
      network = await stage.create();
      endpoint = await stage.attach("a1", "first", driver.capabilities.publishes ? ports : []);
    },
    cases: [
      {
        name: "another machine reaches a published port, by TCP and by UDP",
        run: () =>
          expectPort((family, own) =>
            (["tcp", "udp"] as const).map((protocol) => {
              return { from: "outside", to: "a1", ...port(family, own), protocol, reached: true };
            }),
          ),
      },
      {
        name: "the host reaches it too",
        run: () => expectPort((family, own) => [{ from: "host", to: "a1", ...port(family, own), reached: true }]),
      },
      {
        name: "the container itself reaches it too",
        run: () => {
          const expectOwn = () =>
            expectPort((family, own) => [{ from: "a1", to: "a1", ...port(family, own), reached: true }]);
          // br_netfilter turns this call round within a bridge, which drops it where it keeps its ports apart.
          return reachOf(subject).neighbours ? expectOwn() : withoutBridgeNetfilter(expectOwn);
        },
      },
      {
        name: "a port that is not published gets no reply from another machine",
        run: () =>
          expectPort((family) => [
            { from: "outside", to: "a1", address: addresses[family].host, port: 8081, reached: false },
          ]),
      },
      {
        name: "a port that another container has is refused, and all of the second is undone",
        run: async () => {
          await expectPort(() => []);
          if (direct(4) && direct(6)) throw new CannotRun("its ports are not the host's");
          const before = await stage.lab.residue();
          await expectRefusal("the port 8080 a second time", () => stage.attach("a2", "first", ports), {
            kind: "conflict",
          });
          expectSameLines("after the refusal", await stage.comesTo(before), before);
        },
      },
      {
        name: "once the container has gone, the port gets no reply",
        run: async () => {
          await stage.lab.withTsd((tsd) => tsd.endpoints.detach(endpoint.id));
          await expectPort((family) => [
            { from: "outside", to: "a1", address: addresses[family].host, port: 8080, reached: false },
          ]);
        },
      },
    ],
    close: () => stage.close(),
  };
}
