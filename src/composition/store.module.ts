import { ContainerModule } from "inversify";
import { openState } from "./open-state.js";
import { tokens } from "./tokens.js";

export const storeModule = new ContainerModule(({ bind }) => {
  bind(tokens.Store).toService(tokens.SqliteStore);
  bind(tokens.SqliteStore).toDynamicValue(async (context) => {
    const settings = context.get(tokens.Settings);
    const { openStore } = await import("../store/open-store.js");
    const reserve = `${settings.root}/reserve`;
    return openState(settings, (path, options) => openStore(path, { ...options, reserve }));
  });
});
