import { ContainerModule } from "inversify";
import { tokens } from "./tokens.js";

export const ipamModule = new ContainerModule(({ bind }) => {
  bind(tokens.IpamDriver).toDynamicValue(async (context) => {
    const { leases } = await context.getAsync(tokens.Store);
    return new (await import("../ipam/default-ipam.js")).DefaultIpam(leases);
  });
});
