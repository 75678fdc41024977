import { expect, test } from "@jest/globals";
import { ownNames } from "../../../src/commands/plugin-project.js";
import { shipped } from "../../../src/composition/extensions.module.js";
import { natBackends } from "../../../src/composition/nat.module.js";

test("a new plug-in can have no name of tsd's own", () => {
  const drivers = shipped.flatMap((extension) => (extension.drivers ?? []).map(({ type }) => type));
  expect([...ownNames].sort()).toEqual([...new Set([...drivers, ...natBackends, "auto", "default"])].sort());
});
