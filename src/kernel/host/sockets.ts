import { constants } from "node:os";
import type { Sockets } from "../../contracts/index.js";
import { readIfPresent } from "../files/read-if-present.js";
import { findListeners, listListeners } from "./listeners.js";
import { probePort } from "./port-probe.js";

export const sockets: Sockets = {
  portRange() {
    const text = readIfPresent("/proc/sys/net/ipv4/ip_local_port_range") ?? "";
    const [first = 32768, last = 60999] = text.trim().split(/\s+/).filter(Boolean).map(Number);
    return { first, last };
  },

  isPortFree: (port) => probePort(port) === undefined,

  canBind(protocol, hostAddress) {
    // Port 0 is any that is free.
    return probePort({ protocol, hostAddress, hostPort: 0 }) !== constants.errno.EADDRNOTAVAIL;
  },

  listeners: listListeners,
  findListeners,
};
