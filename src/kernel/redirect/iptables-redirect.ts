import { TsdError } from "../../errors/tsd-error.js";
import { runHere } from "../netns/run-here.js";
import type { Redirect, Redirected } from "./redirect.js";

const CHAIN = "TSD-NAMES";

/**
 * By translation of addresses, for kernels without nftables. `variant` as in `TSD_IPTABLES`. The kernel tracks these connections in
 * the namespace.
 */
export class IptablesRedirect implements Redirect {
  private readonly program: string;

  constructor(variant?: "nft" | "legacy") {
    this.program = variant === undefined ? "iptables" : `iptables-${variant}`;
  }

  install({ address, from, to }: Redirected): void {
    const own = address.join(".");
    const jump = this.isInstalled() ? [] : [`-I OUTPUT -j ${CHAIN}`];
    const rules = Object.entries(to).map(
      ([protocol, port]) =>
        `-A ${CHAIN} -d ${own}/32 -p ${protocol} -m ${protocol} --dport ${from} -j DNAT --to-destination ${own}:${port}`,
    );
    const text = ["*nat", `:${CHAIN} - [0:0]`, ...rules, ...jump, "COMMIT", ""].join("\n");
    runHere(`${this.program}-restore`, ["--noflush", "-w"], { input: text, reads: false });
  }

  isInstalled(): boolean {
    try {
      runHere(this.program, ["-w", "-t", "nat", "-C", "OUTPUT", "-j", CHAIN], { reads: true });
      return true;
    } catch (error) {
      if (TsdError.is(error, "runtime")) return false;
      throw error;
    }
  }
}
