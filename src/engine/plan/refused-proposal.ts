import type { NetworkIpam } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

interface Proposal {
  readonly ipam: NetworkIpam;
  readonly verb: "proposePool" | "proposeAddress";
}

/**
 * Does `commit`, which takes what an IPAM driver proposes into tsd's own table; where that refuses it, throws an error that
 * names driver and verb: `conflict` for what another holds, `plugin` for what is no answer to the request.
 */
export function refuseProposal<T>({ ipam, verb }: Proposal, commit: () => T): T {
  try {
    return commit();
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    const isHeld = error.kind === "conflict";
    throw new TsdError({
      kind: isHeld ? "conflict" : "plugin",
      code: isHeld ? "TSD_IPAM_CONFLICT" : "TSD_IPAM_ANSWER",
      message: `tsd cannot use what ${verb} of IPAM driver "${ipam.driver}" returned: ${error.message}`,
      hint: isHeld
        ? "Reserve it in the IPAM system of the driver, so that it proposes another."
        : "Report this to the author of the IPAM driver.",
      details: { ...error.details, driver: ipam.driver, verb },
      cause: error,
    });
  }
}
