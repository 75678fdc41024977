import { ContainerModule } from "inversify";
import { openState } from "./open-state.js";
import { type Settings, tokens } from "./tokens.js";

export const storeModule = new ContainerModule(({ bind }) => {
  bind(tokens.Store).toDynamicValue(async (context) => {
    const settings = context.get<Settings>(tokens.Settings);
    const { openStore } = await import("../store/open-store.js");
    const reserve = `${settings.root}/reserve`;
    return openState(settings, (path, options) => openStore(path, { ...options, reserve }));
  });
});
