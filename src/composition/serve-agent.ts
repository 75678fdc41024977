import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "../agent/agent.js";
import { agentService } from "../agent/agent-service.js";
import type { Clock, LocalState, PeerChanger, Surroundings } from "../agent/surroundings.js";
import { openClusterState } from "../cluster/open-cluster-state.js";
import { monotonicTime } from "../contracts/clock.js";
import type { Membership } from "../contracts/index.js";
import { requireMembership } from "../engine/rows/membership.js";
import { printable } from "../errors/printable.js";
import { ownProgram } from "../installation.js";
import { startService } from "../kernel/programs/start-service.js";
import { identityOf } from "../service/identity.js";
import { ServicePlace } from "../service/place.js";
import type { ServiceState } from "../service/service-process.js";
import { VERSION } from "../version.js";
import { AgentState } from "./agent-state.js";
import { composeTsd } from "./compose-tsd.js";
import { serve } from "./serve.js";
import type { Settings } from "./tokens.js";

const STDERR = 2;
/** Milliseconds for the command that removes a network. */
const REMOVAL = 60_000;

interface AgentCall {
  /** It goes on without networks, takes the place of one that does not, and says on standard error what it finds. */
  readonly stays: boolean;
}

/** Is the agent of the installation that the environment names, until no network here spans hosts. */
export function serveAgent({ stays }: AgentCall): Promise<void> {
  return serve(async (settings) => {
    const directory = `${settings.run}/agent`;
    const identity = identityOf(VERSION, settings.root);
    const state = new AgentState(`${settings.root}/state.db`);
    const work = new Agent({
      stays,
      epoch: () => state.membership()?.epoch,
      open: () => surroundingsOf(settings, stays ? speaking(state) : state, state.membership()),
    });
    if (stays) {
      requireMembership(state.membership());
      await agentService({ directory, identity, argv: [], env: {} }).end();
      for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.once(signal, () => leave(work));
    }
    return {
      place: new ServicePlace(directory),
      identity,
      unlisted: "it is not here any more",
      stays,
      open: () => ({ state: stays ? whileMember(state) : state, work }),
    };
  });
}

/** The lock is free once the process is gone. */
async function leave(agent: Agent): Promise<void> {
  await agent.leave();
  process.exit();
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

/** Prints what it notes, once. */
function speaking(state: AgentState): LocalState {
  const said = new Map<string, string>();
  return {
    network: (id) => state.network(id),
    version: () => state.version(),
    peers: (id) => state.peers(id),
    notes: (id) => state.notes(id),
    note: (id, notes) => {
      state.note(id, notes);
      const text = notes.troubles.join("; ") || "is in line with the cluster";
      if (said.get(id) !== text) writeSync(STDERR, `${printable(`tsd agent: network ${id.slice(0, 12)}: ${text}`)}\n`);
      said.set(id, text);
    },
    isRemoved: (epoch) => state.isRemoved(epoch),
    noteRemoval: (epoch) => state.noteRemoval(epoch),
  };
}

function surroundingsOf(
  settings: Omit<Settings, "version">,
  local: LocalState,
  joined: Membership | undefined,
): Surroundings {
  const membership = requireMembership(joined);
  return {
    state: openClusterState(membership, `${settings.root}/cluster.db`),
    membership,
    local,
    peers: changer,
    removeNetwork: (id) => void removeNetwork(settings, id),
    clock,
    version: VERSION,
  };
}

const clock: Clock = {
  now: monotonicTime,
  random: Math.random,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined),
};

/** With all of tsd behind them, whose state is open only meanwhile: a process that kept it open would keep its log. */
const changer: PeerChanger = {
  follow: (networkId, peers) => withPeers((all) => all.follow(networkId, peers)),
  change: (networkId, change) => withPeers((all) => all.change(networkId, change)),
};

async function withPeers(work: (peers: PeerChanger) => Promise<void>): Promise<void> {
  const { tsd, peers } = await composeTsd({});
  try {
    await work(peers);
  } finally {
    tsd.close();
  }
}

/** By a command of its own, as a user would. It asks this process to let go of the network. */
async function removeNetwork({ environment }: Omit<Settings, "version">, id: string): Promise<void> {
  const argv = [...ownProgram("tsd"), "network", "rm", id];
  await startService(argv, { env: environment, patience: REMOVAL }).catch(() => undefined);
}
