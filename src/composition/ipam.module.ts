import { ContainerModule } from "inversify";
import { tokens } from "./tokens.js";

export const ipamModule = new ContainerModule(({ bind }) => {
  bind(tokens.AddressBook).toDynamicValue(async (context) => {
    const { leases } = await context.getAsync(tokens.Store);
    return new (await import("../ipam/lease-book.js")).LeaseBook(leases);
  });
});
