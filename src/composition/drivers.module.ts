import { ContainerModule } from "inversify";
import { tokens } from "./tokens.js";
import { BridgeDriver } from "../drivers/bridge/bridge-driver.js";

export const driversModule = new ContainerModule(({ bind }) => {
  bind(tokens.NetworkDriver).toResolvedValue(() => new BridgeDriver());
});
