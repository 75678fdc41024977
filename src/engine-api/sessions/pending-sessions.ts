import type { ClientSession } from "./client-session.js";

/** Clients that are attached to containers which do not run yet: docker's attach before they start one. */
export class PendingSessions {
  private readonly byContainer = new Map<string, readonly ClientSession[]>();

  /** Until the container starts, or the client goes. */
  add(id: string, session: ClientSession): void {
    this.byContainer.set(id, [...(this.byContainer.get(id) ?? []), session]);
    session.onLeft(() => {
      this.forget(id, session);
      session.end();
    });
  }

  /** All that wait for a container, which are no longer pending then. */
  take(id: string): readonly ClientSession[] {
    const sessions = this.byContainer.get(id) ?? [];
    this.byContainer.delete(id);
    return sessions;
  }

  /** True while the client is pending. */
  has(id: string, session: ClientSession): boolean {
    return this.byContainer.get(id)?.includes(session) ?? false;
  }

  /** One that is pending no longer. */
  forget(id: string, session: ClientSession): void {
    this.keep(id, (other) => other !== session);
  }

  get isEmpty(): boolean {
    return this.byContainer.size === 0;
  }

  private keep(id: string, isKept: (session: ClientSession) => boolean): void {
    const kept = (this.byContainer.get(id) ?? []).filter(isKept);
    if (kept.length === 0) this.byContainer.delete(id);
    else this.byContainer.set(id, kept);
  }
}
