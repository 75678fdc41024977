import type { Debt, DebtTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";

export class SqliteDebtTable implements DebtTable {
  constructor(private readonly connection: Connection) {}

  put(debt: Debt): void {
    const sql = "INSERT INTO debts (holder, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    this.connection.write(sql, debt.holder, JSON.stringify(debt));
  }

  list(): readonly Debt[] {
    return this.connection
      .all<{ value: string }>("SELECT value FROM debts ORDER BY seq")
      .map(({ value }) => JSON.parse(value));
  }

  delete(holder: string): void {
    this.connection.write("DELETE FROM debts WHERE holder = ?", holder);
  }
}
