import type { Resource } from "../api/index.js";
import { hostPlaces, type Place, type PlaceKind } from "../contracts/host-places.js";
import type { Listed } from "../contracts/index.js";
import type { Connection } from "./connection.js";

interface StoredPlace {
  readonly place: string;
  readonly row_id: string;
  readonly value: string;
}

/** Which row lists what on the host, by its place: no row is read to find that. A trigger deletes the places of a deleted row. */
export class PlaceTable {
  constructor(private readonly connection: Connection) {}

  at(place: Place): readonly Listed[] {
    const sql = "SELECT row_id, value FROM places WHERE place = ? ORDER BY rowid";
    const rows = this.connection.all<StoredPlace>(sql, place);
    return rows.map(({ row_id, value }) => ({ rowId: row_id, resource: JSON.parse(value) as Resource }));
  }

  names(kind: PlaceKind): readonly string[] {
    // "!" follows the space that ends the kind, so that this is one range of the index.
    const sql = "SELECT place FROM places WHERE place > ? AND place < ?";
    const rows = this.connection.all<StoredPlace>(sql, `${kind} `, `${kind}!`);
    return rows.map(({ place }) => place.slice(kind.length + 1));
  }

  /** Replaces what the row listed by `resources`, if that differs. */
  keep(rowId: string, resources: readonly Resource[]): void {
    const wanted = resources.flatMap((resource) =>
      hostPlaces(resource).map((place) => [place, JSON.stringify(resource)] as const),
    );
    const sql = "SELECT place, value FROM places WHERE row_id = ? ORDER BY rowid";
    const present = this.connection.all<StoredPlace>(sql, rowId).map(({ place, value }) => [place, value]);
    if (JSON.stringify(present) === JSON.stringify(wanted)) return;
    this.forget(rowId);
    const insert = "INSERT INTO places (place, row_id, value) VALUES (?, ?, ?)";
    for (const [place, value] of wanted) this.connection.write(insert, place, rowId, value);
  }

  private forget(rowId: string): void {
    this.connection.write("DELETE FROM places WHERE row_id = ?", rowId);
  }
}
