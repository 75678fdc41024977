import { agentService } from "../agent/agent-service.js";
import { AvailableRedirect } from "../kernel/redirect/available-redirect.js";
import { IptablesRedirect } from "../kernel/redirect/iptables-redirect.js";
import { nftRedirect } from "../kernel/redirect/nft-redirect.js";
import { createNameServer } from "../names/name-server.js";
import { Listeners } from "../resolver/listeners.js";
import { identityOf } from "../service/identity.js";
import { ServicePlace } from "../service/place.js";
import { VERSION } from "../version.js";
import { elsewhereByAgent } from "./elsewhere-by-agent.js";
import { openNameViews } from "./open-name-views.js";
import { serve } from "./serve.js";

/** Milliseconds that a question waits for other hosts; clients (glibc, musl, dig) wait 5 s. */
const PATIENCE = 2500;

/** Is the resolver of the installation that the environment names, until nothing needs one. */
export function serveNames(): Promise<void> {
  return serve(({ root, run, iptables }) => ({
    place: new ServicePlace(`${run}/resolver`),
    identity: identityOf(VERSION, root),
    unlisted: "no container that runs has it",
    open: () => {
      const agent = agentService({ directory: `${run}/agent`, argv: [], env: {}, identity: identityOf(VERSION, root) });
      const { views, ...state } = openNameViews(
        root,
        elsewhereByAgent(async () => agent, PATIENCE),
      );
      const redirect = new AvailableRedirect(nftRedirect, [new IptablesRedirect(iptables)]);
      return {
        state: { ...state, subjects: () => views.namespaces() },
        work: new Listeners(createNameServer(views), redirect),
      };
    },
  }));
}
