import { API_VERSION, type Extension } from "../../api/index.js";
import { dummy } from "./dummy-link.js";
import { vlan } from "./vlan-link.js";

/** What drivers make for themselves to stand on. */
export const lan: Extension = { name: "lan", apiVersion: API_VERSION, linkKinds: [vlan, dummy] };
