import { ContainerModule } from "inversify";
import { type Settings, tokens } from "./tokens.js";

/** The packet filter, which is a provider like any other. */
export const natModule = new ContainerModule(({ bind }) => {
  bind(tokens.NatBackend).toDynamicValue(async (context) => {
    const { nft, run } = context.get<Settings>(tokens.Settings);
    const { NftablesBackend } = await import("../nat/nftables/nftables-backend.js");
    const { NftProgram } = await import("../nat/nftables/nft-program.js");
    const program = new NftProgram(run);
    const transport =
      nft === "exec"
        ? new (await import("../nat/nftables/exec-transport.js")).ExecTransport(program)
        : new (await import("../nat/nftables/netlink-transport.js")).NetlinkTransport();
    const { StaleFlows } = await import("../nat/stale-flows.js");
    return new NftablesBackend(transport, program, new StaleFlows());
  });
  bind(tokens.Provider).toService(tokens.NatBackend);
});
