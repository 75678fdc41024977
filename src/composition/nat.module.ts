import { ContainerModule } from "inversify";
import { tokens } from "./tokens.js";

/** Names of the packet filters, in the order in which `auto` tries them. */
export const natBackends = ["nftables", "iptables", "none"] as const;

/** A binding for each of {@link natBackends}, and what acts in chains of others, whichever is in force. */
export const natModule = new ContainerModule(({ bind }) => {
  bind(tokens.Provider).toDynamicValue(async (context) => {
    const { PassageProvider } = await import("../nat/passage/passage-provider.js");
    return new PassageProvider(await markOf(context.get(tokens.Settings).root));
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { passageSweeper } = await import("../nat/passage/orphan-passages.js");
    return passageSweeper(await markOf(context.get(tokens.Settings).root));
  });
  bind(tokens.NatBackend)
    .toDynamicValue(async (context) => {
      const { nft, root } = context.get(tokens.Settings);
      const { NftablesBackend } = await import("../nat/nftables/nftables-backend.js");
      const { NftProgram } = await import("../nat/nftables/nft-program.js");
      const { KernelTables } = await import("../nat/nftables/kernel-tables.js");
      const { StaleFlows } = await import("../nat/stale-flows.js");
      const program = new NftProgram();
      const transport =
        nft === "exec"
          ? new (await import("../nat/nftables/exec-transport.js")).ExecTransport(program)
          : new (await import("../nat/nftables/netlink-transport.js")).NetlinkTransport();
      const mark = await markOf(root);
      return new NftablesBackend({
        transport,
        nft: program,
        tables: new KernelTables(),
        flows: new StaleFlows(),
        mark,
      });
    })
    .whenNamed("nftables");
  bind(tokens.NatBackend)
    .toDynamicValue(async (context) => {
      const { iptables, root } = context.get(tokens.Settings);
      const { IptablesBackend } = await import("../nat/iptables/iptables-backend.js");
      const { IptablesProgram } = await import("../nat/iptables/iptables-program.js");
      const { StaleFlows } = await import("../nat/stale-flows.js");
      return new IptablesBackend(new IptablesProgram(iptables), new StaleFlows(), await markOf(root));
    })
    .whenNamed("iptables");
  bind(tokens.NatBackend)
    .toDynamicValue(async () => new (await import("../nat/none/none-backend.js")).NoneBackend())
    .whenNamed("none");
});

async function markOf(root: string): Promise<string> {
  const { canonicalPath } = await import("../kernel/files/canonical-path.js");
  const { ownerMark } = await import("../nat/owner-mark.js");
  return ownerMark(canonicalPath(root));
}
