import type { IpamDriver, Pool } from "../api/index.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";

/** An IPAM driver whose verbs are boundary operations, so that `--debug` and whatever kills tsd at each step see them. */
export class ReportedIpam implements IpamDriver {
  readonly name: string;

  constructor(private readonly driver: IpamDriver) {
    this.name = driver.name;
  }

  parseOptions(...[raw]: Parameters<IpamDriver["parseOptions"]>): ReturnType<IpamDriver["parseOptions"]> {
    return this.driver.parseOptions(raw);
  }

  proposePool(...[proposal]: Parameters<IpamDriver["proposePool"]>): Promise<Pool> {
    return this.call(`proposePool for network ${proposal.networkId}`, () => this.driver.proposePool(proposal));
  }

  releasePool(...[network]: Parameters<IpamDriver["releasePool"]>): Promise<void> {
    return this.call(`releasePool of network ${network.networkId}`, () => this.driver.releasePool(network));
  }

  proposeAddress(...[proposal]: Parameters<IpamDriver["proposeAddress"]>): Promise<string> {
    return this.call(`proposeAddress for endpoint ${proposal.holder}`, () => this.driver.proposeAddress(proposal));
  }

  releaseAddress(...[lease]: Parameters<IpamDriver["releaseAddress"]>): Promise<void> {
    return this.call(`releaseAddress of endpoint ${lease.holder}`, () => this.driver.releaseAddress(lease));
  }

  private call<T>(what: string, work: () => Promise<T> | T): Promise<T> {
    return boundaryOperation({ into: "plugin", what: () => `${this.name}: ${what}` }, async () => work());
  }
}
