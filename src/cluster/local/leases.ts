import { randomInt } from "node:crypto";
import { monotonicTime } from "../../contracts/clock.js";
import type { ClusterLease } from "../../contracts/index.js";
import { processes } from "../../kernel/process-identity.js";
import type { Connection } from "../../store/connection.js";

/** Of the time since the machine started, which no one sets: a lease ends with the boot at the latest. */
const alive = "boot = ? AND ends > ?";

/** Leases of the state of this host alone. They end when somebody looks. */
export class Leases {
  constructor(
    private readonly connection: Connection,
    /** Removes the records that are under no lease of these. */
    private readonly end: () => void,
  ) {}

  grant(seconds: number): ClusterLease {
    const id = String(randomInt(1, 2 ** 47));
    const { bootId } = processes.self();
    this.connection.transaction(() => {
      this.connection.write(
        "INSERT INTO leases VALUES (?, ?, ?, ?)",
        id,
        seconds,
        bootId,
        monotonicTime() + seconds * 1000,
      );
    });
    return {
      id,
      keepAlive: async () => this.keepAlive(id),
      revoke: async () => this.revoke(id),
    };
  }

  /** Ends those whose time is over. Writes nothing where there are none. */
  settle(): void {
    const now = [processes.self().bootId, monotonicTime()] as const;
    const ended = this.connection.get(`SELECT 1 FROM leases WHERE NOT (${alive}) LIMIT 1`, ...now);
    if (ended === undefined) return;
    this.connection.transaction(() => {
      if (this.connection.write(`DELETE FROM leases WHERE NOT (${alive})`, ...now) > 0) this.end();
    });
  }

  isAlive(id: string): boolean {
    return this.connection.get("SELECT 1 FROM leases WHERE id = ?", id) !== undefined;
  }

  private keepAlive(id: string): boolean {
    this.settle();
    return this.connection.transaction(
      () => this.connection.write("UPDATE leases SET ends = ? + seconds * 1000 WHERE id = ?", monotonicTime(), id) > 0,
    );
  }

  private revoke(id: string): void {
    this.connection.transaction(() => {
      if (this.connection.write("DELETE FROM leases WHERE id = ?", id) > 0) this.end();
    });
  }
}
