import { callFromElsewhere } from "./from-elsewhere.js";
import { callFromHost } from "./from-host.js";
import { callFromNamespace } from "./from-namespace.js";
import { callFromOutside } from "./from-outside.js";
import { type Caller, Journey } from "./journey.js";
import type { Landscape } from "./landscape.js";
import type { Packet, Trace } from "./packet.js";

/** What is called. */
export type Call = Pick<Packet, "protocol" | "destination" | "port">;

/**
 * The way of the first packet, by the resources that tsd's rows list and by the machine's own addresses and routes. The
 * order of the steps is netfilter's: prerouting, routing, forward, postrouting; what is between two ports of one bridge
 * meets none of them.
 */
export function trace(land: Landscape, caller: Caller, call: Call): Trace {
  const journey = new Journey(land, caller, call);
  switch (caller.kind) {
    case "namespace":
      return callFromNamespace(journey, caller);
    case "host":
      return callFromHost(journey);
    case "outside":
      return callFromOutside(journey, caller);
    case "elsewhere":
      return callFromElsewhere(journey, caller);
  }
}
