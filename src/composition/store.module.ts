import { ContainerModule } from "inversify";
import { type Settings, tokens } from "./tokens.js";

export const storeModule = new ContainerModule(({ bind }) => {
  bind(tokens.Store).toDynamicValue(async (context) => {
    const { root, version } = context.get<Settings>(tokens.Settings);
    return (await import("../store/open-store.js")).openStore(`${root}/state.db`, { tsdVersion: version });
  });
});
