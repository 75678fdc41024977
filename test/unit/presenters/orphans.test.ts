import { expect, test } from "@jest/globals";
import { driftLines, repairLines } from "../../../src/presenters/drift-lines.js";
import { findingLines } from "../../../src/presenters/findings.js";
import { freedLines } from "../../../src/presenters/orphans.js";

const orphan = { kind: "link", what: "br9", why: "no network lists it" };

test("check names what is left over, and how it goes", () => {
  expect(driftLines([{ problem: "stray", ...orphan }])).toBe(
    "orphan: link br9 is left over: no network lists it; free it: tsd gc\n",
  );
});

test("reload says what it repaired and what is for gc to free, or that nothing was different", () => {
  const link = { kind: "link", type: "bridge", name: "br9" } as const;
  const of = { kind: "network", id: "1", name: "web" } as const;
  const gone = { resource: link, problem: "missing", of, repairable: true } as const;
  const stuck = { ...gone, resource: { ...link, name: "br8" } };
  const left = { problem: "stray", ...orphan } as const;
  expect(repairLines({ found: [gone, stuck, left], left: [stuck, left] })).toBe(
    `repaired: ${driftLines([gone])}${driftLines([left])}`,
  );
  const worse = { ...stuck, problem: "different", found: "half of it", obstacle: "the plug-in refused" } as const;
  expect(repairLines({ found: [gone, stuck], left: [worse] })).toBe(`repaired: ${driftLines([gone])}`);
  expect(driftLines([worse])).toBe("network web: link br8 is different: half of it, since the plug-in refused\n");
  expect(repairLines({ found: [], left: [] })).toBe("Nothing was different.\n");
});

test("gc prints what it freed and why, or that there was nothing", () => {
  expect(freedLines([orphan])).toBe("link br9 (no network lists it)\n");
  expect(freedLines([])).toBe("Nothing was left over.\n");
});

test("a finding that does no harm is a note, beside which nothing is in the way", () => {
  const note = { problem: "a port", remedy: "Keep it.", harmless: true };
  expect(findingLines([note])).toBe("Note: a port\n  Keep it.\nNothing is in the way.\n");
  expect(findingLines([note, { problem: "a route", remedy: "Remove it." }])).not.toContain("Nothing");
});
