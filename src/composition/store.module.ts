import { ContainerModule } from "inversify";
import { type Settings, tokens } from "./tokens.js";
import { VERSION } from "../version.js";

export const storeModule = new ContainerModule(({ bind }) => {
  bind(tokens.Store).toDynamicValue(async (context) => {
    const { root } = context.get<Settings>(tokens.Settings);
    return (await import("../store/open-store.js")).openStore(`${root}/state.db`, { tsdVersion: VERSION });
  });
});
