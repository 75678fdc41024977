import { expect, test } from "@jest/globals";
import type { Step } from "../../../src/api/index.js";
import { planText } from "../../../src/presenters/plan.js";

test("a plan is a line for each thing done, with what is sent below", () => {
  const steps: readonly Step[] = [
    { verb: "make", resources: [{ kind: "link", type: "bridge", name: "br0" }], sends: ["ip link add br0", "ip link"] },
    { verb: "make", resources: [{ kind: "netns", path: "/run/n" }], sends: [] },
    {
      verb: "remove",
      resources: [
        { kind: "isolate", owner: "o", bridge: "br0" },
        { kind: "masquerade", owner: "o", bridge: "br0", subnet: "10.0.0.0/24" },
      ],
      sends: ["nft -f - <<'END'\nadd table inet tsd\nEND"],
    },
    { verb: "remove", resources: [{ kind: "address", link: "br0", address: "10.0.0.1/24" }], sends: [] },
    { verb: "run", what: "start container www", sends: ["crun start www"] },
  ];
  expect(planText(steps)).toBe(`make link br0
    ip link add br0
    ip link
make namespace /run/n, which is there already
remove isolation of br0
remove masquerade of 10.0.0.0/24
    nft -f - <<'END'
    add table inet tsd
    END
remove address 10.0.0.1/24 of br0, which goes by itself
start container www
    crun start www
`);
});

test("nothing to do is said", () => {
  expect(planText([])).toBe("Nothing would be done.\n");
});
