import { families } from "../../api/address-family.js";
import type { Damage, Skeleton } from "../../api/index.js";
import type { IptablesProgram } from "./iptables-program.js";
import { repairText } from "./restore-text.js";
import { faultsOf } from "./table-faults.js";

const MAX_ATTEMPTS = 8;

/** tsd's chains and what leads there, in both families. */
export class IptablesSkeleton implements Omit<Skeleton, "describeRepair"> {
  constructor(private readonly iptables: Pick<IptablesProgram, "save" | "restore">) {}

  /** What two looks in a row agree on: others may change the tables during one. */
  async inspect(): Promise<readonly Damage[]> {
    const damages = await this.look();
    if (damages.length === 0) return damages;
    const again = new Set((await this.look()).map(textOf));
    return damages.filter((damage) => again.has(textOf(damage)));
  }

  /** Another process may write between the look and the change, which then fails and is decided again. */
  async repair(): Promise<void> {
    for (const family of families) {
      for (let attempt = 1; ; attempt++) {
        const text = repairText(family, await this.iptables.save(family));
        if (text === "") break;
        try {
          await this.iptables.restore(family, text);
        } catch (error) {
          if (attempt === MAX_ATTEMPTS) throw error;
        }
      }
    }
  }

  private async look(): Promise<readonly Damage[]> {
    const saved = await Promise.all(
      families.map(async (family) => [family, await this.iptables.save(family)] as const),
    );
    return saved.flatMap(([family, tables]) =>
      [...tables]
        .filter(([, { chains }]) => chains.size > 0)
        .flatMap(([table, stored]) =>
          faultsOf(family, table, stored).faults.map(({ chain, what }) => ({
            where: `${family === 4 ? "iptables" : "ip6tables"}, table ${table}, chain ${chain}`,
            what,
          })),
        ),
    );
  }
}

function textOf({ where, what }: Damage): string {
  return `${where}\n${what}`;
}
