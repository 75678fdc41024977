import { expect, test } from "@jest/globals";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { missingFeature } from "../../../src/nat/nftables/missing-feature.js";

/** A kernel that refuses scripts with that in them. */
const without = (words: RegExp) => ({
  async checkScript(script: string): Promise<void> {
    if (words.test(script)) throw new TsdError({ kind: "runtime", code: "TSD_EXEC_FAILED", message: "nft failed" });
  },
});

test.each([
  ["anything", /./s, "nf_tables", "modprobe nf_tables"],
  ["connection tracking", /ct state/, "connection tracking for nf_tables", "CONFIG_NFT_CT"],
  ["NAT", /type nat/, "NAT for nf_tables", "modprobe nft_chain_nat"],
  ["masquerading", /masquerade/, "masquerading for nf_tables", "CONFIG_NFT_MASQ"],
  ["fib", /fib/, "fib lookup for nf_tables", "modprobe nft_fib_inet"],
])("a kernel without %s is told by name, module and configuration", async (_what, words, name, hint) => {
  expect(await missingFeature(without(words))).toEqual({
    reason: `this kernel has no ${name}`,
    hint: expect.stringContaining(hint),
  });
});

test("what lacks nothing of that fails for another reason", async () => {
  expect(await missingFeature(without(/no such words/))).toBeUndefined();
});

test("a program that is missing is no missing feature", async () => {
  const gone = new TsdError({ kind: "unsupported", code: "TSD_PROGRAM_MISSING", message: "no nft" });
  await expect(missingFeature({ checkScript: () => Promise.reject(gone) })).rejects.toBe(gone);
});
