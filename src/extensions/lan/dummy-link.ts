import type { LinkBase, LinkKind } from "../../api/index.js";

/** A link that leads nowhere. */
export interface DummyLink extends LinkBase {
  readonly type: "dummy";
}

declare module "../../api/index.js" {
  interface LinkTypes {
    dummy: DummyLink;
  }
}

export const dummy: LinkKind<DummyLink> = { type: "dummy", data: () => [], words: () => [] };
