import { API_VERSION, type Extension } from "../../api/index.js";
import { ptpDriver } from "./ptp-driver.js";

export const ptp: Extension = { name: "ptp", apiVersion: API_VERSION, drivers: [ptpDriver] };
