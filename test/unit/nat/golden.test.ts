import { test } from "@jest/globals";
import { type Family, families } from "../../../src/api/address-family.js";
import type { NatIntent } from "../../../src/api/index.js";
import { refuseLacking } from "../../../src/engine/nat/refuse-lacking.js";
import { rulesOf } from "../../../src/nat/iptables/intent-rules.js";
import { IptablesBackend } from "../../../src/nat/iptables/iptables-backend.js";
import { IptablesProgram } from "../../../src/nat/iptables/iptables-program.js";
import { additionText } from "../../../src/nat/iptables/restore-text.js";
import { tables } from "../../../src/nat/iptables/rule.js";
import { parseRule } from "../../../src/nat/iptables/rule-line.js";
import { SavedTable, type SavedTables } from "../../../src/nat/iptables/saved-tables.js";
import { tableSkeleton } from "../../../src/nat/iptables/skeleton.js";
import { faultsOf } from "../../../src/nat/iptables/table-faults.js";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { creation, deletion, type NftDocument } from "../../../src/nat/nftables/nft-json.js";
import { skeletonScript } from "../../../src/nat/nftables/skeleton.js";
import { StaleFlows } from "../../../src/nat/stale-flows.js";
import { expectFile, goldenCases, goldenPath } from "./golden-cases.js";

test.each(Object.entries(goldenCases))("%s makes the documented transactions of nftables", (name, { intents }) => {
  const elements = elementsOf(intents);
  expectFile(goldenPath(`${name}.txt`), `create\n${lines(creation(elements))}delete\n${lines(deletion(elements))}`);
});

function lines({ nftables }: NftDocument): string {
  return nftables.map((command) => `  ${JSON.stringify(command)}\n`).join("");
}

test.each(Object.entries(goldenCases))("%s makes the documented rules of iptables", (name, { intents }) => {
  const texts = isRefused(intents)
    ? []
    : [...Map.groupBy(rulesOf(intents), ({ family }) => family)].map(
        ([family, rules]) => `# IPv${family}\n${additionText(family, rules, skeletonOf(family))}`,
      );
  expectFile(goldenPath(`${name}.iptables`), texts.join(""));
});

function isRefused(intents: readonly NatIntent[]): boolean {
  const backend = new IptablesBackend(new IptablesProgram(), new StaleFlows(), "");
  try {
    refuseLacking(backend, intents);
    return false;
  } catch {
    return true;
  }
}

test("the skeleton is the documented one", () => {
  expectFile(goldenPath("skeleton.nft"), `${skeletonScript("inet")}\n${skeletonScript("bridge")}`);
});

test("the chains of iptables are the documented ones", () => {
  const texts = families.flatMap((family) =>
    tables.map(
      (table) => `# IPv${family}\n*${table}\n${faultsOf(family, table, new SavedTable()).lines.join("\n")}\nCOMMIT\n`,
    ),
  );
  expectFile(goldenPath("skeleton.iptables"), texts.join(""));
});

/** What the tables hold once tsd has used them and has no rules any more. */
function skeletonOf(family: Family): SavedTables {
  return new Map(
    tables.map((table) => {
      const { filled, fixed, jumps } = tableSkeleton(family, table);
      const rules = fixed.flatMap((chain) => chain.rules.flatMap((line) => parseRule(line) ?? []));
      const leads = Object.entries(jumps).map(([from, to]) => `-A ${from} -m comment --comment tsd -j ${to}`);
      return [table, new SavedTable(new Set([...filled, ...fixed.map(({ name }) => name)]), rules, leads)];
    }),
  );
}
