import { TsdError } from "../../errors/tsd-error.js";
import type { NftProgram } from "./nft-program.js";

interface Feature {
  readonly name: string;
  readonly module: string;
  readonly config: string;
  /** What a kernel with it accepts, in the table `p` and its chains `f` and `n`. */
  readonly needs: string;
}

/** In an order in which each needs those before it. */
const features: readonly Feature[] = [
  { name: "nf_tables", module: "nf_tables", config: "CONFIG_NF_TABLES", needs: "" },
  {
    name: "nf_tables for inet",
    module: "nf_tables",
    config: "CONFIG_NF_TABLES_INET",
    needs: "add chain inet p f { type filter hook forward priority 0; }",
  },
  {
    name: "connection tracking for nf_tables",
    module: "nft_ct",
    config: "CONFIG_NFT_CT",
    needs: "add chain inet p f; add rule inet p f ct state established accept",
  },
  {
    name: "NAT for nf_tables",
    module: "nft_chain_nat",
    config: "CONFIG_NFT_NAT",
    needs: "add chain inet p n { type nat hook prerouting priority -100; }; add rule inet p n dnat ip to 192.0.2.1",
  },
  {
    name: "masquerading for nf_tables",
    module: "nft_masq",
    config: "CONFIG_NFT_MASQ",
    needs: "add chain inet p n { type nat hook postrouting priority 100; }; add rule inet p n masquerade",
  },
  {
    name: "fib lookup for nf_tables",
    module: "nft_fib_inet",
    config: "CONFIG_NFT_FIB_INET",
    needs: "add chain inet p f; add rule inet p f fib daddr type local accept",
  },
];

/** Of what tsd's table needs, the first that this kernel lacks, as words for an error; undefined where it is none of that. */
export async function missingFeature(
  nft: Pick<NftProgram, "checkScript">,
): Promise<{ readonly reason: string; readonly hint: string } | undefined> {
  for (const { name, module, config, needs } of features) {
    try {
      await nft.checkScript(`add table inet p\n${needs.replaceAll("; add", "\nadd")}\n`);
    } catch (error) {
      if (!TsdError.is(error, "runtime")) throw error;
      return {
        reason: `this kernel has no ${name}`,
        hint: `Load it (modprobe ${module}), or use a kernel with ${config}.`,
      };
    }
  }
  return undefined;
}
