import { AGENT_NOTES, type AgentNotes } from "../../contracts/agent-notes.js";
import type { Store } from "../../contracts/index.js";
import { readMembership } from "./membership.js";

export function readAgentNotes({ settings }: Pick<Store, "settings">): AgentNotes {
  return settings.get<AgentNotes>(AGENT_NOTES) ?? { networks: {} };
}

/** In the caller's transaction. Of networks that are gone nothing is kept, nor of an epoch that has passed. */
export function keepAgentNotes(store: Pick<Store, "settings" | "networks">, { removed, networks }: AgentNotes): void {
  const { settings } = store;
  const present = Object.entries(networks).filter(([id]) => store.networks.get(id) !== undefined);
  const isRemoved = removed !== undefined && readMembership(store)?.epoch === removed;
  const kept: AgentNotes = { ...(isRemoved ? { removed } : {}), networks: Object.fromEntries(present) };
  if (isRemoved || present.length > 0) settings.set(AGENT_NOTES, kept);
  else settings.delete(AGENT_NOTES);
}

/** In the caller's transaction, once a network or the membership is gone. */
export function tidyAgentNotes(store: Pick<Store, "settings" | "networks">): void {
  if (store.settings.get(AGENT_NOTES) !== undefined) keepAgentNotes(store, readAgentNotes(store));
}
