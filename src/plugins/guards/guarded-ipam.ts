import type { AddressProposal, IpamDriver, Pool, PoolProposal, RawOptions } from "../../api/index.js";
import { readAddress, readPool } from "../returned/read-ipam.js";
import { readOptions } from "../returned/read-options.js";
import { readNothing } from "../returned/read-words.js";
import type { PluginCalls, ReadAnswer } from "./plugin-calls.js";

/** A third party's IPAM driver. Whether what it proposes is free is decided where it is committed. */
export class GuardedIpam implements IpamDriver {
  readonly name: string;

  constructor(
    private readonly driver: IpamDriver,
    private readonly calls: PluginCalls,
  ) {
    this.name = driver.name;
  }

  parseOptions(raw: RawOptions): RawOptions {
    return this.calls.call(this.verb("parseOptions"), () => this.driver.parseOptions({ ...raw }), readOptions);
  }

  proposePool(proposal: PoolProposal): Promise<Pool> {
    return this.wait("proposePool", () => this.driver.proposePool(structuredClone(proposal)), readPool);
  }

  releasePool(network: Parameters<IpamDriver["releasePool"]>[0]): Promise<void> {
    return this.wait("releasePool", () => this.driver.releasePool(structuredClone(network)), readNothing);
  }

  proposeAddress(proposal: AddressProposal): Promise<string> {
    return this.wait("proposeAddress", () => this.driver.proposeAddress(structuredClone(proposal)), readAddress);
  }

  releaseAddress(lease: Parameters<IpamDriver["releaseAddress"]>[0]): Promise<void> {
    return this.wait("releaseAddress", () => this.driver.releaseAddress(structuredClone(lease)), readNothing);
  }

  private wait<T>(verb: string, work: () => unknown, read: ReadAnswer<T>): Promise<T> {
    return this.calls.wait(this.verb(verb), work, read);
  }

  private verb(verb: string): { readonly verb: string; readonly of: string } {
    return { verb, of: `IPAM driver "${this.name}"` };
  }
}
