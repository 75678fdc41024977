import { ContainerModule } from "inversify";
import { BridgeDriver } from "../drivers/bridge/bridge-driver.js";
import { tokens } from "./tokens.js";

export const driversModule = new ContainerModule(({ bind }) => {
  bind(tokens.NetworkDriver).toResolvedValue(() => new BridgeDriver());
});
