import { TsdError } from "../../errors/tsd-error.js";

/** Drivers of which docker cannot have networks, and why. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^ptp$/, "has routes of its own in containers, which docker does not set"],
  [/^(host|none|container)$/, "has one network, which is there from the start"],
  [
    /^(cni|docker|netavark)(:|$)/,
    "is a plug-in of another engine's, which gives the interface to the container itself",
  ],
];

/** Throws `unsupported` for a driver whose networks docker cannot use. */
export function refuseUnservable(driver: string): void {
  const [, reason] = reasons.find(([pattern]) => pattern.test(driver)) ?? [];
  if (reason === undefined) return;
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_DOCKER_DRIVER",
    message: `docker cannot be served by driver "${driver}": it ${reason}`,
    hint: "Serve bridge, macvlan, ipvlan or vlan-bridge.",
    details: { driver },
  });
}
