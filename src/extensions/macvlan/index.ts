import { API_VERSION, type Extension } from "../../api/index.js";
import { macvlanDriver } from "./macvlan-driver.js";
import { macvlan as linkKind } from "./macvlan-link.js";

export const macvlan: Extension = {
  name: "macvlan",
  apiVersion: API_VERSION,
  drivers: [macvlanDriver],
  linkKinds: [linkKind],
};
