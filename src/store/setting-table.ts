import type { SettingTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";
import { damagedStore } from "./errors.js";

interface Stored {
  readonly key: string;
  readonly value: string;
}

/** Small values by name, as JSON. */
export class SqliteSettingTable implements SettingTable {
  constructor(private readonly connection: Connection) {}

  get<T>(key: string): T | undefined {
    const row = this.connection.get<Stored>("SELECT key, value FROM settings WHERE key = ?", key);
    return row === undefined ? undefined : this.read(row);
  }

  list<T>(prefix: string): readonly T[] {
    const sql = "SELECT key, value FROM settings WHERE substr(key, 1, ?) = ? ORDER BY key";
    return this.connection.all<Stored>(sql, prefix.length, prefix).map((row) => this.read<T>(row));
  }

  set(key: string, value: unknown): void {
    this.connection.requireRoom();
    const sql = "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    this.connection.write(sql, key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.connection.write("DELETE FROM settings WHERE key = ?", key);
  }

  private read<T>({ key, value }: Stored): T {
    try {
      return JSON.parse(value) as T;
    } catch (error) {
      throw damagedStore(this.connection.path, `the setting ${key} in it cannot be read`, error);
    }
  }
}
