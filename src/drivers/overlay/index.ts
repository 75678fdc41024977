import { API_VERSION, type Extension } from "../../api/index.js";
import { OverlayDriver } from "./overlay-driver.js";

export const overlay: Extension = { name: "overlay", apiVersion: API_VERSION, drivers: [new OverlayDriver()] };
