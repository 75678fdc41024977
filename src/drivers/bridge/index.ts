import { API_VERSION, type Extension } from "../../api/index.js";
import { BridgeDriver } from "./bridge-driver.js";

export const bridge: Extension = { name: "bridge", apiVersion: API_VERSION, drivers: [new BridgeDriver()] };
