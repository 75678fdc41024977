import { afterAll, beforeAll } from "@jest/globals";
import { IptablesBackend } from "../../../src/nat/iptables/iptables-backend.js";
import { IptablesProgram } from "../../../src/nat/iptables/iptables-program.js";
import { StaleFlows } from "../../../src/nat/stale-flows.js";
import { backendChapters } from "../../../src/testing/backend/backend-chapters.js";
import type { BackendSubject } from "../../../src/testing/backend/backend-subject.js";
import { describeChapters } from "../../support/kit/describe-chapters.js";
import { isolate, masquerade, publish } from "../../unit/nat/intents.js";
import { describeAnyIntents } from "./any-intents.js";
import { iptablesDamages } from "./iptables-damages.js";
import { enterPrivateHost, leavePrivateHost, run } from "./private-host.js";
import { describeSkeleton } from "./skeleton-contract.js";
import { describeTraffic } from "./traffic-contract.js";

beforeAll(enterPrivateHost);
afterAll(() => {
  // iptables never takes its own tables away again, and other tests want an empty namespace.
  run("nft", "flush", "ruleset");
  leavePrivateHost();
});

for (const variant of ["nft", "legacy"] as const) {
  const name = `iptables-${variant}`;
  const make = (mark = "0123456789abcdef") => new IptablesBackend(new IptablesProgram(variant), new StaleFlows(), mark);
  const subject: BackendSubject = {
    name,
    make,
    listing: () => listing(variant),
    guards: false,
    spans: true,
    plant: () => run(name, "-A", "FORWARD", "-i", "foreign0", "-j", "DROP"),
    uproot: () => run(name, "-D", "FORWARD", "-i", "foreign0", "-j", "DROP"),
  };
  describeChapters(name, backendChapters(subject));
  describeAnyIntents(subject);
  describeSkeleton({
    name,
    make,
    listing: () => listing(variant).split("\n").sort().join("\n"),
    intents: [
      isolate,
      { ...isolate, bridge: "br-inner", internal: true, open: true, pingable: true },
      masquerade,
      { ...masquerade, subnet: "fd00:10::/64" },
      publish(),
      publish({ containerAddress: "fd00:10::2" }),
    ],
    damages: () => iptablesDamages(variant),
    met: [
      "-F TSD-INWARD of iptables, table filter",
      "-F PREROUTING; -F OUTPUT of iptables, table nat",
      "-F FORWARD; -F TSD-FORWARD; -F TSD-ALLOW; -F TSD-FROM-BRIDGES; -X TSD-FROM-BRIDGES of ip6tables, table filter",
    ],
  });
  describeTraffic(name, make, true);
  describeTraffic(name, make, false);
}

/** Rules and chains of both families, but for the built-in chains, which iptables never takes away again. */
function listing(variant: string): string {
  const both = ["iptables", "ip6tables"].flatMap((program) => {
    const lines = run(`${program}-${variant}-save`).split("\n");
    return lines.map((line) => `${program} ${line}`.replace(/ \[\d+:\d+\]$/, ""));
  });
  return both.filter((line) => /tables (-A|:\S+ -$)/.test(line)).join("\n");
}
