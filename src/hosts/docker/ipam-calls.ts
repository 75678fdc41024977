import { familyOf, type PoolProposal, type RawOptions } from "../../api/index.js";
import { bare, contains, isCidr, networkOf } from "./addresses.js";
import { type Fields, fieldOf, isFields } from "./fields.js";
import type { PluginClient } from "./plugin-client.js";
import { failed, quoted } from "./plugin-failure.js";

const NOT_IMPLEMENTED = 404;

/** A pool as a plug-in gives it. */
export interface GivenPool {
  /** `PoolID` */
  readonly id: string;
  readonly cidr: string;
  readonly data: Fields;
}

/** Calls of `IpamDriver.*`, and what is read of their replies. */
export class IpamCalls {
  constructor(private readonly client: PluginClient) {}

  async requiresMac(): Promise<boolean> {
    const verb = "IpamDriver.GetCapabilities";
    const answer = await this.client.call(verb);
    if (answer.isDone) return fieldOf(answer.value, "RequiresMACAddress") === true;
    if (answer.status === NOT_IMPLEMENTED) return false;
    throw failed(this.client.called(verb), `it said ${quoted(answer.said)}`);
  }

  async addressSpace(): Promise<string> {
    const verb = "IpamDriver.GetDefaultAddressSpaces";
    const space = fieldOf(await this.client.must(verb), "LocalDefaultAddressSpace") ?? "";
    if (typeof space === "string") return space;
    throw failed(this.client.called(verb), `LocalDefaultAddressSpace is ${quoted(space)}, which is no text`);
  }

  async requestPool(space: string, { subnet, range, options, family }: PoolProposal): Promise<GivenPool> {
    const called = this.client.called("IpamDriver.RequestPool");
    const wanted = subnet === undefined ? "" : networkOf(subnet);
    const answer = await this.client.must(called.verb, {
      AddressSpace: space,
      Pool: wanted,
      SubPool: range ?? "",
      Options: options,
      V6: family === 6,
    });
    const [id, cidr, data] = ["PoolID", "Pool", "Data"].map((name) => fieldOf(answer, name));
    if (typeof id !== "string" || id === "") throw failed(called, "it replied with no PoolID");
    if (typeof cidr !== "string" || !isCidr(cidr) || familyOf(cidr) !== family)
      throw failed(called, `it replied with the pool ${quoted(cidr ?? "")}, which is no IPv${family} subnet`);
    if (wanted !== "" && networkOf(cidr) !== wanted)
      throw failed(called, `it replied with the pool ${quoted(cidr)}, and ${wanted} was asked for`);
    return { id, cidr: networkOf(cidr), data: isFields(data) ? data : {} };
  }

  /** Without prefix length. `wanted` is empty for any. */
  async requestAddress(pool: Pick<GivenPool, "id" | "cidr">, wanted: string, options: RawOptions): Promise<string> {
    const verb = "IpamDriver.RequestAddress";
    const answer = await this.client.must(verb, { PoolID: pool.id, Address: wanted, Options: options });
    const found = fieldOf(answer, "Address") ?? "";
    if (typeof found === "string" && isCidr(found) && contains(pool.cidr, bare(found))) return bare(found);
    const said = found === "" ? "no address" : `the address ${quoted(found)}`;
    throw failed(this.client.called(verb), `it replied with ${said}, and its pool is ${pool.cidr}`);
  }

  /** A refusal says that the plug-in has given it to nobody any more. */
  async releaseAddress(pool: string, address: string): Promise<void> {
    await this.client.call("IpamDriver.ReleaseAddress", { PoolID: pool, Address: address });
  }

  /** As {@link releaseAddress}. */
  async releasePool(id: string): Promise<void> {
    await this.client.call("IpamDriver.ReleasePool", { PoolID: id });
  }
}
