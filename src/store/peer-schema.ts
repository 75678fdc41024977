/**
 * What other hosts need on this one. They come and go by the thousand and at no user's request, so they are not in the change log,
 * which would keep nothing else.
 */
export const peerSchema = (): string => `
  CREATE TABLE peers (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    network_id TEXT NOT NULL,
    value TEXT NOT NULL
  ) STRICT;
  CREATE INDEX peers_unfinished ON peers (state) WHERE state IN ('creating', 'changing', 'deleting');
  CREATE INDEX peers_network ON peers (network_id, seq);
  CREATE TRIGGER peers_places AFTER DELETE ON peers BEGIN DELETE FROM places WHERE row_id = old.id; END;
`;
