import type { IpamDriver, OnStep, Pool } from "../../../src/api/index.js";
import type { AskedIpam } from "../../../src/engine/contracts/ipam-drivers.js";
import { plannedIpam } from "../../../src/engine/dry-run/planned-ipam.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { ReportedIpam } from "../../../src/plugins/reported-ipam.js";
import type { Steps } from "./steps.js";

/** An address allocator on another machine: it survives every tsd, and its ledger shows who holds what. */
export class FakeIpam {
  /** `NETWORK pool` and `NETWORK HOLDER`, with what each holds. */
  readonly ledger = new Map<string, readonly string[]>();
  /** Absent: no plug-in brings it. */
  isInstalled = true;
  /** It releases nothing. */
  isDown = false;
  /** What the next proposals are, whatever is free. */
  readonly answers: (Pool | string)[] = [];
  /** Runs while a proposal is under way. */
  meanwhile: () => Promise<unknown> = async () => undefined;
  /** Receives each step of a dry run, in which nothing is asked. */
  plansTo: OnStep | undefined;
  readonly asked: unknown[] = [];

  /** As one process of tsd reaches it: each verb is a step, before which the process can die. */
  seenBy(steps: Steps): AskedIpam {
    const asked = new ReportedIpam(this.driver());
    if (this.plansTo !== undefined) return plannedIpam(asked, this.plansTo);
    return {
      name: asked.name,
      parseOptions: (raw) => asked.parseOptions(raw),
      proposePool: (proposal) => steps.act("make a proposal of a pool").then(() => asked.proposePool(proposal)),
      releasePool: (network) => steps.act("release a pool").then(() => asked.releasePool(network)),
      proposeAddress: (proposal) =>
        steps.act("make a proposal of an address").then(() => asked.proposeAddress(proposal)),
      releaseAddress: (lease) => steps.act("release an address").then(() => asked.releaseAddress(lease)),
    };
  }

  private driver(): IpamDriver {
    return {
      name: "ledger",
      parseOptions: (raw) => {
        const [key] = Object.keys(raw).filter((one) => one !== "site");
        if (key === undefined) return raw;
        throw new TsdError({ kind: "invalid-input", code: "TSD_TEST_OPTION", message: `there is no option "${key}"` });
      },
      proposePool: async (proposal) => {
        this.asked.push(proposal);
        const pool = { cidr: proposal.subnet ?? (proposal.family === 6 ? "fd00:77::/64" : "10.77.0.0/24") };
        this.hold(`${proposal.networkId} pool`, pool.cidr);
        await this.meanwhile();
        const gateway =
          proposal.gateway ?? pool.cidr.replace(/(\.0|:)\/\d+$/, (end) => (end.startsWith(".") ? ".1" : ":1"));
        return this.answers.length > 0 ? (this.answers.shift() as Pool) : { ...pool, gateway };
      },
      releasePool: async ({ networkId }) => {
        this.refuseDown();
        this.ledger.delete(`${networkId} pool`);
      },
      proposeAddress: async (proposal) => {
        this.asked.push(proposal);
        const address = proposal.address ?? firstFree(proposal.pool, proposal.leased);
        this.hold(`${proposal.networkId} ${proposal.holder}`, address);
        await this.meanwhile();
        return this.answers.length > 0 ? (this.answers.shift() as string) : address;
      },
      releaseAddress: async ({ networkId, holder }) => {
        this.refuseDown();
        this.ledger.delete(`${networkId} ${holder}`);
      },
    };
  }

  private refuseDown(): void {
    if (this.isDown) throw new TsdError({ kind: "plugin", code: "TSD_TEST_DOWN", message: "the ledger is closed" });
  }

  private hold(key: string, what: string): void {
    this.ledger.set(key, [...(this.ledger.get(key) ?? []), what]);
  }
}

/** From .100 on, where tsd itself would not begin. */
function firstFree({ cidr }: Pool, leased: readonly string[]): string {
  const prefix = cidr.replace(/(\.0|:)\/\d+$/, (end) => (end.startsWith(".") ? "." : ":"));
  let last = 100;
  while (leased.includes(`${prefix}${last}`)) last++;
  return `${prefix}${last}`;
}
