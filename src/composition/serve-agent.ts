import { Agent } from "../agent/agent.js";
import { identityOf } from "../service/identity.js";
import { ServicePlace } from "../service/place.js";
import { VERSION } from "../version.js";
import { AgentState } from "./agent-state.js";
import { agentSurroundings, UNLISTED } from "./agent-surroundings.js";
import { serve } from "./serve.js";

/** Is the agent of the installation that the environment names, until no network here spans hosts. */
export function serveAgent(): Promise<void> {
  return serve((settings) => ({
    place: new ServicePlace(`${settings.run}/agent`),
    identity: identityOf(VERSION, settings.root),
    unlisted: UNLISTED,
    open: () => {
      const state = new AgentState(`${settings.root}/state.db`);
      const epoch = () => state.membership()?.epoch;
      return { state, work: new Agent({ epoch, open: () => agentSurroundings(settings, state) }) };
    },
  }));
}
