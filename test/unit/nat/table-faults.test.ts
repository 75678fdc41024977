import { expect, test } from "@jest/globals";
import { parseSavedTables } from "../../../src/nat/iptables/saved-tables.js";
import { faultsOf } from "../../../src/nat/iptables/table-faults.js";

const jump = "-A FORWARD -m comment --comment tsd -j TSD-FORWARD";

/** What is wrong with the way into tsd's chains, of a table with these rules. */
function wayIn(rules: readonly string[]): readonly string[] {
  const text = ["*filter", ":FORWARD ACCEPT [0:0]", ...rules, "COMMIT", ""].join("\n");
  const stored = parseSavedTables(text).get("filter");
  if (stored === undefined) throw new Error("no table");
  return faultsOf(4, "filter", stored)
    .faults.filter(({ chain }) => chain === "FORWARD")
    .map(({ what }) => what);
}

test.each([
  ["accepts", ["-A FORWARD -j ACCEPT"]],
  ["accepts some", ["-A FORWARD -i eth7 -p tcp -j ACCEPT"]],
  ["returns", ["-A FORWARD -j RETURN"]],
  ["goes elsewhere for good", ["-A FORWARD -i eth7 -g ASIDE"]],
  ["accepts in a chain", ["-A FORWARD -j WIDE", "-A WIDE -p udp -j ACCEPT"]],
  ["accepts in a chain of a chain", ["-A FORWARD -j WIDE", "-A WIDE -j DEEP", "-A DEEP -j ACCEPT"]],
])("a rule in front of the jump that %s is told", (_, rules) => {
  expect(wayIn([...rules, jump])).toEqual([`passed by: ${rules[0]}`]);
  expect(wayIn([jump, ...rules])).toEqual([]);
});

test.each([
  ["drops", ["-A FORWARD -i eth7 -j DROP"]],
  ["only counts", ["-A FORWARD -i eth7"]],
  ["comes back from a chain", ["-A FORWARD -j BACK", "-A BACK -i eth7 -j DROP", "-A BACK -j RETURN"]],
  [
    "comes back from chains that another rule leads to",
    ["-A FORWARD -j BACK", "-A INPUT -j WIDE", "-A WIDE -j ACCEPT"],
  ],
])("a rule in front of the jump that %s is not", (_, rules) => {
  expect(wayIn([...rules, jump])).toEqual([]);
});
