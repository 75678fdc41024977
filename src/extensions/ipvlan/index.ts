import { API_VERSION, type Extension } from "../../api/index.js";
import { ipvlanDriver } from "./ipvlan-driver.js";
import { ipvlan as linkKind } from "./ipvlan-link.js";

export const ipvlan: Extension = {
  name: "ipvlan",
  apiVersion: API_VERSION,
  drivers: [ipvlanDriver],
  linkKinds: [linkKind],
};
