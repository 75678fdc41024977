import { ContainerModule } from "inversify";
import { tokens } from "../tokens.js";
import { BridgeDriver } from "./bridge/bridge-driver.js";

export const driversModule = new ContainerModule(({ bind }) => {
  bind(tokens.NetworkDriver).toResolvedValue(() => new BridgeDriver());
});
