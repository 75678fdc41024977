import { API_VERSION, type Extension } from "../../api/index.js";
import { vlanBridgeDriver } from "./vlan-bridge-driver.js";

export const vlanBridge: Extension = { name: "vlan-bridge", apiVersion: API_VERSION, drivers: [vlanBridgeDriver] };
