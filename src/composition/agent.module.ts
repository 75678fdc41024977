import { ContainerModule } from "inversify";
import { readAgentNotes } from "../engine/rows/agent-notes.js";
import { ownProgram } from "../installation.js";
import { tokens } from "./tokens.js";

/** The process that keeps networks which span hosts in line with the cluster. */
export const agentModule = new ContainerModule(({ bind }) => {
  bind(tokens.Agent).toDynamicValue(async (context) => {
    const { root, run, version, environment } = context.get(tokens.Settings);
    const { agentService } = await import("../agent/agent-service.js");
    const { identityOf } = await import("../service/identity.js");
    return agentService({
      directory: `${run}/agent`,
      argv: ownProgram("agent"),
      env: environment,
      identity: identityOf(version, root),
    });
  });
  bind(tokens.Provider).toDynamicValue(async (context) => {
    const { MembershipProvider } = await import("../agent/membership-provider.js");
    const store = await context.getAsync(tokens.Store);
    return new MembershipProvider({
      agent: await context.getAsync(tokens.Agent),
      notes: (networkId) => readAgentNotes(store).networks[networkId],
      warn: context.get(tokens.Settings).warn,
    });
  });
});
