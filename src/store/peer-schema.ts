/**
 * What other hosts need on this one, and pools of which this host has parts: what was the one dynamic range of a pool is one of several.
 * Peers come and go by the thousand and at no user's request, so they are not in the change log,
 * which would keep nothing else.
 */
export const peerSchema = (): string => `
  CREATE TABLE peers (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    network_id TEXT NOT NULL,
    named TEXT,
    value TEXT NOT NULL
  ) STRICT;
  CREATE INDEX peers_unfinished ON peers (state) WHERE state IN ('creating', 'changing', 'deleting');
  CREATE INDEX peers_network ON peers (network_id, seq);
  CREATE INDEX peers_named ON peers (network_id, seq, state, named) WHERE named IS NOT NULL;
  CREATE TRIGGER peers_places AFTER DELETE ON peers BEGIN DELETE FROM places WHERE row_id = old.id; END;

  CREATE TABLE pool_ranges (
    seq INTEGER PRIMARY KEY,
    pool INTEGER NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    next TEXT NOT NULL,
    UNIQUE (pool, first)
  ) STRICT;
  INSERT INTO pool_ranges (pool, first, last, next) SELECT id, first, last, next FROM pools ORDER BY id;
  ALTER TABLE pools DROP COLUMN first;
  ALTER TABLE pools DROP COLUMN last;
  ALTER TABLE pools DROP COLUMN next;
`;
