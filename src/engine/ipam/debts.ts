import { isDueAgain } from "../../contracts/due-again.js";
import { type Hasten, inHaste } from "../../contracts/haste.js";
import type { Debt, EndpointRow, NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";

/** Gives back to IPAM drivers what no row accounts for; see {@link Debt}. */
export class Debts {
  constructor(private readonly parts: Pick<Parts, "store" | "processes" | "ipam" | "warn">) {}

  /** Notes what the row's IPAM driver holds for it, in the transaction that deletes the row. Then {@link Debts.settle} them. */
  ofEndpoint({ id, ipam, endpoint: { networkId } }: EndpointRow): readonly Debt[] {
    if (ipam === undefined) return [];
    const networkName = this.parts.store.networks.get(networkId)?.network.name ?? networkId;
    return this.note({ holder: id, of: "endpoint", networkId, networkName, ipam });
  }

  /** The same for a network. */
  ofNetwork({ id, network: { name, ipam } }: NetworkRow): readonly Debt[] {
    return ipam === undefined ? [] : this.note({ holder: id, of: "network", networkId: id, networkName: name, ipam });
  }

  note(debt: Omit<Debt, "owner">): readonly [Debt] {
    const { store, processes } = this.parts;
    const noted = { ...debt, owner: processes.self() };
    store.debts.put(noted);
    return [noted];
  }

  /** As {@link Debts.insist}, in haste: what holds them is gone, and they can be released later. */
  settle(debts: readonly Debt[]): Promise<void> {
    return debts.length === 0 ? Promise.resolve() : inHaste(() => this.insist(debts));
  }

  /**
   * Has the drivers release them. Where that fails, they stay noted for a later command, the driver is not asked for more,
   * since it may have taken its time to fail, and the user gets one warning.
   */
  async insist(debts: readonly Debt[]): Promise<void> {
    const failures = new Map<string, Failure>();
    for (const debt of debts) {
      const { driver } = debt.ipam;
      const failure = failures.get(driver);
      const error = failure?.error ?? (await this.attempt(debt));
      if (error === undefined) continue;
      this.noteFailure(debt, error);
      failures.set(driver, { error, debts: [...(failure?.debts ?? []), debt] });
    }
    for (const failure of failures.values()) this.parts.warn(failureWords(failure));
  }

  /** What processes left that have died, and what failed some time ago. Costs one query where there is nothing. */
  async recover(hasten: Hasten): Promise<void> {
    const due = this.parts.store.debts.list().filter((debt) => this.isDue(debt));
    if (due.length > 0) await hasten(() => this.settle(due));
  }

  /** Returns why it failed. */
  private async attempt(debt: Debt): Promise<TsdError | undefined> {
    const { store } = this.parts;
    try {
      await this.release(debt);
    } catch (error) {
      if (TsdError.is(error)) return error;
      throw error;
    }
    store.transaction(() => store.debts.delete(debt.holder));
    return undefined;
  }

  private async release({ holder, of, networkId, ipam: { driver: name, options } }: Debt): Promise<void> {
    const driver = this.parts.ipam.get(name);
    if (driver === undefined) throw missingIpam(name);
    if (of === "network") await driver.releasePool({ networkId, options });
    else await driver.releaseAddress({ networkId, options, holder });
  }

  private noteFailure(debt: Debt, error: TsdError): void {
    const { store } = this.parts;
    const failure = { at: new Date().toISOString(), message: error.message, isMissing: isMissing(error) };
    store.transaction(() => store.debts.put({ ...debt, failure }));
  }

  /** A command that has no such driver does not try, and says nothing again. */
  private isDue({ owner, failure, ipam }: Debt): boolean {
    if (failure === undefined) return !this.parts.processes.isAlive(owner);
    if (failure.isMissing) return this.parts.ipam.has(ipam.driver);
    return isDueAgain(failure.at);
  }
}

function isMissing({ code }: TsdError): boolean {
  return code === "TSD_IPAM_MISSING";
}

interface Failure {
  readonly error: TsdError;
  readonly debts: readonly Debt[];
}

function failureWords({ error, debts }: Failure): string {
  const [first, ...others] = debts.map(debtWords);
  const all = others.length === 0 ? `IPAM lease ${first} is` : `IPAM lease ${first} and ${others.length} more are`;
  const then = isMissing(error)
    ? "tsd releases it once one does, and tsd gc forgets it"
    : "tsd tries again later, unless tsd gc --force forgets it";
  return `${all} not released: ${error.message}; ${then}`;
}

/** Whose it is, in words that follow "IPAM lease". */
export function debtWords({ holder, of, networkName, ipam }: Debt): string {
  const whose = of === "network" ? "of" : `of endpoint ${holder.slice(0, 12)} on`;
  return `${whose} network "${networkName}" from driver "${ipam.driver}"`;
}

export function missingIpam(name: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_IPAM_MISSING",
    message: `no plug-in brings IPAM driver "${name}"`,
    hint: "Install the plug-in that brought it: tsd plugin add.",
    details: { driver: name },
  });
}
