import { existsSync } from "node:fs";
import { Agent } from "../agent/agent.js";
import { agentService } from "../agent/agent-service.js";
import type { LocalState } from "../agent/surroundings.js";
import { requireMembership } from "../engine/rows/membership.js";
import { TsdError } from "../errors/tsd-error.js";
import { identityOf } from "../service/identity.js";
import { ServicePlace } from "../service/place.js";
import { ServiceProcess, type ServiceState } from "../service/service-process.js";
import { VERSION } from "../version.js";
import { AgentState } from "./agent-state.js";
import { agentSurroundings, UNLISTED } from "./agent-surroundings.js";
import { readSettings } from "./read-settings.js";

export interface StayOptions {
  /** Receives a line for each thing that happens. */
  readonly say: (line: string) => void;
  readonly stop: Promise<unknown>;
}

/**
 * Is the agent until `stop`, with networks that span hosts or without, in place of one that was started on demand. Throws `not-found`
 * where this host is in no cluster. Returns once it left its cluster, too.
 */
export async function stayAsAgent({ say, stop }: StayOptions): Promise<void> {
  const settings = readSettings({});
  const directory = `${settings.run}/agent`;
  const identity = identityOf(VERSION, settings.root);
  const state = openMemberState(`${settings.root}/state.db`);
  const work = new Agent({
    stays: true,
    epoch: () => state.membership()?.epoch,
    open: () => agentSurroundings(settings, state, speaking(state, say)),
  });
  // Whatever it does: it holds no truth, and this one adopts what it made.
  await agentService({ directory, identity, argv: [], env: {} }).end();
  const place = new ServicePlace(directory);
  let exit = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    exit = resolve;
  });
  const service = await ServiceProcess.start({
    ...{ place, identity, exit, stays: true, unlisted: UNLISTED },
    open: () => ({ state: whileMember(state), work }),
    report: () => undefined,
  });
  if (service === undefined) throw taken(place.holder()?.pid);
  say("keeps the networks of this host in line with its cluster");
  await Promise.race([left, stop]);
  await work.leave();
  service.end();
}

/** Of a host in a cluster; where there is no state it is in none. */
function openMemberState(path: string): AgentState {
  if (!existsSync(path)) requireMembership(undefined);
  const state = new AgentState(path);
  requireMembership(state.membership());
  return state;
}

/** A host that left its cluster has no agent. */
function whileMember(state: AgentState): ServiceState {
  return {
    subjects: () => state.subjects(),
    isUsed: () => state.isUsed(),
    isThere: () => state.isThere() && state.isMember(),
    close: () => state.close(),
  };
}

/** Says what it notes, once. */
function speaking(state: AgentState, say: (line: string) => void): LocalState {
  const said = new Map<string, string>();
  return {
    network: (id) => state.network(id),
    version: () => state.version(),
    peers: (id) => state.peers(id),
    notes: (id) => state.notes(id),
    loseBlocks: (id, lost) => state.loseBlocks(id, lost),
    adopt: (id, news) => state.adopt(id, news),
    note: (id, notes) => {
      state.note(id, notes);
      const text = notes.troubles.join("; ") || "is in line with the cluster";
      if (said.get(id) !== text) say(`network ${id.slice(0, 12)}: ${text}`);
      said.set(id, text);
    },
    isRemoved: (epoch) => state.isRemoved(epoch),
    noteRemoval: (epoch) => state.noteRemoval(epoch),
  };
}

function taken(pid: number | undefined): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_AGENT_TAKEN",
    message: `another agent was started at the same moment${pid === undefined ? "" : `, process ${pid}`}`,
    hint: "Leave it to that one, or try again: tsd agent",
    details: { pid },
  });
}
