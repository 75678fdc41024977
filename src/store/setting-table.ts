import type { SettingTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";
import { damagedStore } from "./errors.js";

/** Small values by name, as JSON. */
export class SqliteSettingTable implements SettingTable {
  constructor(private readonly connection: Connection) {}

  get<T>(key: string): T | undefined {
    const row = this.connection.get<{ value: string }>("SELECT value FROM settings WHERE key = ?", key);
    if (row === undefined) return undefined;
    try {
      return JSON.parse(row.value) as T;
    } catch (error) {
      throw damagedStore(this.connection.path, `the setting ${key} in it cannot be read`, error);
    }
  }

  set(key: string, value: unknown): void {
    this.connection.requireRoom();
    const sql = "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    this.connection.write(sql, key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.connection.write("DELETE FROM settings WHERE key = ?", key);
  }
}
