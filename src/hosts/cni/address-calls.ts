import { TsdError } from "../../api/index.js";
import { OWN_NETNS } from "../../kernel/netns/netns.js";
import type { AddressCalls, Lease } from "./address-driver.js";
import { callPlugin, type Verb } from "./call-plugin.js";
import { readResult } from "./read-result.js";
import type { JsonObject } from "./resources.js";

/** Milliseconds. */
const TIMEOUT = 30_000;
/** A result without interfaces, which plug-ins for addresses have, is the same in all that came after it. */
const VERSION = "0.4.0";

export const addressCalls: AddressCalls = {
  async add(lease) {
    const { address } = lease;
    const ips = address === undefined ? {} : { runtimeConfig: { ips: [address] }, args: { cni: { ips: [address] } } };
    const add = async () => readResult(lease.type, await call(lease, "ADD", ips)).ips;
    const given = await add().catch(async (error: unknown) => {
      if (!TsdError.is(error, "plugin")) throw error;
      // The holder may have got one already, for a command that was killed.
      await call(lease, "DEL");
      return add();
    });
    return given.map((ip) => ip.address);
  },

  async del(lease) {
    await call(lease, "DEL");
  },
};

function call({ type, path, network, holder, ipam }: Lease, verb: Verb, more: JsonObject = {}): Promise<string> {
  return callPlugin({
    ...{ type, verb, path, timeout: TIMEOUT, isLast: true },
    input: { cniVersion: VERSION, name: network, type, ipam, ...more },
    // No namespace exists yet; its own path is one that a plug-in can open, if it looks.
    attachment: { containerId: holder, netns: OWN_NETNS.replace("thread-", ""), ifname: "eth0", isOwnNetns: true },
  });
}
