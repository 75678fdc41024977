import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, LocalState, PeerChanger, Surroundings } from "../agent/surroundings.js";
import { openClusterState } from "../cluster/open-cluster-state.js";
import { monotonicTime } from "../contracts/clock.js";
import { requireMembership } from "../engine/rows/membership.js";
import { ownProgram } from "../installation.js";
import { startService } from "../kernel/programs/start-service.js";
import { VERSION } from "../version.js";
import type { AgentState } from "./agent-state.js";
import { composeTsd } from "./compose-tsd.js";
import type { Settings } from "./tokens.js";

type Installation = Omit<Settings, "version">;

/** Why a network is not followed that a command names. */
export const UNLISTED = "it is not here any more";
/** Milliseconds for the command that removes a network. */
const REMOVAL = 60_000;

/** What the agent works with. Throws `not-found` where this host is in no cluster. */
export function agentSurroundings(settings: Installation, state: AgentState, local: LocalState = state): Surroundings {
  const membership = requireMembership(state.membership());
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
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** With all of tsd behind it, whose state is open only meanwhile: a process that kept it open would keep its log. */
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

/** By a command of its own, as a user would: it asks this process to let go of the network. */
async function removeNetwork({ environment }: Installation, id: string): Promise<void> {
  const argv = [...ownProgram("tsd"), "network", "rm", id];
  await startService(argv, { env: environment, patience: REMOVAL }).catch(() => undefined);
}
