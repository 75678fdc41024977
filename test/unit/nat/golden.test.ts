import { expect, test } from "@jest/globals";
import { IptablesBackend } from "../../../src/nat/iptables/iptables-backend.js";
import { IptablesProgram } from "../../../src/nat/iptables/iptables-program.js";
import { repairLines } from "../../../src/nat/iptables/restore-text.js";
import { families } from "../../../src/nat/iptables/rule.js";
import { SavedTable } from "../../../src/nat/iptables/saved-tables.js";
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
  const described = new IptablesBackend(new IptablesProgram(), new StaleFlows()).describe(intents);
  expectFile(goldenPath(`${name}.iptables`), described.join(""));
});

test("the skeleton is the documented one", () => {
  expectFile(goldenPath("skeleton.nft"), `${skeletonScript("inet")}\n${skeletonScript("bridge")}`);
});

test("the chains of iptables are the documented ones", () => {
  const tables = families.flatMap((family) =>
    (["raw", "filter", "nat"] as const).map(
      (table) => `# IPv${family}\n*${table}\n${repairLines(family, table, new SavedTable()).join("\n")}\nCOMMIT\n`,
    ),
  );
  expectFile(goldenPath("skeleton.iptables"), tables.join(""));
});

test("nothing is described for nothing", () => {
  expect(new IptablesBackend(new IptablesProgram(), new StaleFlows()).describe([])).toEqual([]);
});
