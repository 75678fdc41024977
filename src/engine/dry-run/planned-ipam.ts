import type { OnStep } from "../../api/index.js";
import type { AskedIpam } from "../contracts/ipam-drivers.js";

/**
 * An IPAM driver that is not asked, since a proposal changes what it holds: reports each call as a step, and leaves the
 * choice to tsd's own table, so that the rest of the plan has addresses.
 */
export function plannedIpam(real: AskedIpam, tell: OnStep): AskedIpam {
  const say = (what: string): void => tell({ verb: "run", what: `${what} IPAM driver "${real.name}"`, sends: [] });
  return {
    name: real.name,
    parseOptions: (raw) => real.parseOptions(raw),
    async proposePool({ family, subnet = `any IPv${family} subnet` }) {
      say(`imagine ${subnet}, in place of the pool from`);
      return undefined;
    },
    async proposeAddress({ pool, address = `an address of ${pool.cidr}` }) {
      say(`imagine ${address}, in place of that from`);
      return undefined;
    },
    async releasePool({ networkId }) {
      say(`release the pools of network ${networkId.slice(0, 12)} to`);
    },
    async releaseAddress({ holder }) {
      say(`release the addresses of endpoint ${holder.slice(0, 12)} to`);
    },
  };
}
